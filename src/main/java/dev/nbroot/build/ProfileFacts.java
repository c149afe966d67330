package dev.nbroot.build;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nbroot.profile.Initramfs;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What later work on a root must know of the profile that it was built from, out of its manifest.
 *
 * @param json the profile; empty when there was none
 */
record ProfileFacts(JsonNode json) {
    /** {@return the name that commands in the root see} */
    String hostname() {
        return json.at("/hostname").asText("localhost");
    }

    /**
     * {@return how apt behaves in the root}
     *
     * @param host how this machine's apt reaches archives
     */
    AptSettings settings(HostApt host) {
        // An address with a name and a password is in the manifest as a hash only.
        Optional<String> proxy = Optional.of(json.at("/apt/http_proxy").asText(""))
                .filter(uri -> !uri.isEmpty() && !uri.contains("sha256:"));
        return new AptSettings(
                json.at("/apt/install_recommends").asBoolean(false),
                proxy.or(host::proxy),
                host.anyAge() || json.at("/bootstrap").has("snapshot"));
    }

    /** {@return whether its kernel is a file from outside} */
    boolean hasOwnKernel() {
        return json.at("/kernel").asText("").contains("/");
    }

    /** {@return whether a kernel of the tree is the one that the profile names, if it names one} */
    boolean isKernel(String version) {
        String named = json.at("/kernel").asText("auto");
        return named.equals("auto") || named.endsWith("-" + version);
    }

    List<String> extraModules() {
        List<String> modules = new ArrayList<>();
        json.at("/initramfs/extra_modules").forEach(name -> modules.add(name.asText()));
        return modules;
    }

    /** {@return what makes its initrd; the root has the configuration already} */
    InitrdMaker maker(InitrdGenerator generator, Release release) {
        Initramfs wanted = new Initramfs(
                Initramfs.Generator.AUTO, Initramfs.Modules.NETBOOT, Initramfs.Compress.ZSTD, extraModules());
        return generator == InitrdGenerator.DRACUT
                ? new Dracut(wanted)
                : new InitramfsTools(wanted, release.initrdDhcp(), json.has("keyboard"));
    }
}
