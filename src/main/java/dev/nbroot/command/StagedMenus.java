package dev.nbroot.command;

import dev.nbroot.stage.ClientMenu;
import dev.nbroot.stage.OwnKernel;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import java.nio.file.Files;
import java.util.Optional;

/**
 * How far the boot tree that was last asked for has what the clients are to boot. It has not when whatever made or moved a
 * client was killed before it could stage.
 *
 * @param tree what was last asked for, if its directory is still there
 */
record StagedMenus(StateDirectory state, Optional<StageSettings> tree) {
    /** What was last asked for, as it is now. */
    static StagedMenus of(StateDirectory state) {
        return new StagedMenus(
                state, new StateFiles(state).stageSettings().filter(settings -> Files.isDirectory(settings.tftp())));
    }

    /** {@return whether a client is in no menu, although the tree is for its root} */
    boolean lack(ClientRecord client) {
        return menu(client).filter(menu -> !menu.exists()).isPresent();
    }

    /** {@return what a client is to boot by now and its menu does not say; empty when there is nothing to do} */
    String behind(ClientRecord client) {
        Optional<ClientMenu> menu = menu(client);
        if (menu.isEmpty()) {
            return "";
        }
        Generation generation = new Generations(state).bootedBy(client);
        Optional<OwnKernel> own = own(client);
        return menu.get().boots(generation, own)
                ? ""
                : "in no menu: " + generation.label()
                        + own.map(kernel -> " " + kernel.kernel().id()).orElse("");
    }

    /** {@return the kernel that a client has brought itself, and that is whole} */
    private Optional<OwnKernel> own(ClientRecord client) {
        return new StateFiles(state)
                .kernel(client)
                .map(kernel -> new OwnKernel(kernel, state.kernels(client.mac()).resolve(kernel.id())))
                .filter(OwnKernel::isReadable);
    }

    private Optional<ClientMenu> menu(ClientRecord client) {
        return tree.filter(settings ->
                        settings.roots().isEmpty() || settings.roots().contains(client.root()))
                .map(settings -> client.mode() == ClientMode.SHARED
                        ? ClientMenu.ofOthers(settings.tftp())
                        : ClientMenu.in(settings.tftp(), client.mac()));
    }
}
