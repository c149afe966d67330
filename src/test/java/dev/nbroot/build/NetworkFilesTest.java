package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.release.NetworkStack;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkFilesTest {
    @Test
    void theBootInterfaceKeepsItsAddress() {
        assertThat(NetworkFiles.of(NetworkStack.NETWORKD)).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("/etc/systemd/network/50-nbroot-ethernet.network");
            assertThat(file.text())
                    .contains("DHCP=ipv4\n")
                    .contains("KeepConfiguration=yes\n")
                    .contains("ClientIdentifier=mac\n")
                    .contains("SendRelease=no\n")
                    .contains("RequiredForOnline=no\n");
        });
    }

    /** What an initrd leaves in /run/systemd/network sorts behind: 70-, 71- and 91-default, zzzz-dracut-default. */
    @Test
    void theFileComesBeforeWhatAnInitrdLeaves() {
        String name = NetworkFiles.of(NetworkStack.NETWORKD).get(0).path().replaceFirst(".*/", "");
        assertThat(List.of(
                        "70-BOOTIF.network", "71-default.network", "91-default.network", "zzzz-dracut-default.network"))
                .allMatch(left -> name.compareTo(left) < 0);
    }

    @Test
    void netplanKeepsItToo() {
        List<TreeFile> files = NetworkFiles.of(NetworkStack.NETPLAN);
        assertThat(files).hasSize(3);
        assertThat(files.get(1).path()).isEqualTo("/etc/netplan/50-nbroot.yaml");
        assertThat(files.get(1).mode())
                .as("netplan warns of files that others may read")
                .isEqualTo(0600);
        assertThat(files.get(1).text()).contains("critical: true", "dhcp-identifier: mac", "renderer: networkd");
        // netplan renders the definition called nbroot to 10-netplan-nbroot.network.
        assertThat(files.get(2).path()).isEqualTo("/etc/systemd/network/10-netplan-nbroot.network.d/nbroot.conf");
        assertThat(files.get(1).text()).contains("\n    nbroot:\n");
        assertThat(files.get(2).text()).contains("SendRelease=no\n", "KeepConfiguration=yes\n");
    }
}
