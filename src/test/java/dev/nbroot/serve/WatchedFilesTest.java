package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.MacAddress;
import dev.nbroot.tftp.TftpFiles;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedFilesTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");
    private static final String MENU = "pxelinux.cfg/01-52-54-00-12-34-56";
    private static final InetSocketAddress WHO = new InetSocketAddress("127.0.0.1", 2000);

    private final Set<MacAddress> unready = new HashSet<>();
    private final List<MacAddress> asked = new ArrayList<>();
    private final List<String> served = new ArrayList<>();
    private final List<MacAddress> booted = new ArrayList<>();
    private long now = -5;

    private final WatchedFiles files = new WatchedFiles(
            (name, client) -> {
                served.add(name);
                return TftpFiles.Refused.missing("not in this test");
            },
            new BootWatch() {
                @Override
                public boolean isReady(MacAddress mac) {
                    asked.add(mac);
                    return !unready.contains(mac);
                }

                @Override
                public void tick() {
                    throw new AssertionError("nobody's business here");
                }

                @Override
                public void close() {
                    throw new AssertionError("nobody's business here");
                }
            },
            client -> Optional.of(MAC),
            booted::add,
            () -> now);

    private boolean waits(String name) {
        return files.open(name, WHO) instanceof TftpFiles.Later;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MENU,
                "/" + MENU,
                "//" + MENU,
                "sub/" + MENU,
                "pxelinux.cfg/01-52-54-00-12-34-56\u00ff",
                "pxelinux.cfg\\01-52-54-00-12-34-56"
            })
    void aMenuIsHeldBackUntilItNamesTheRightKernel(String name) {
        unready.add(MAC);
        assertThat(waits(name)).isTrue();
        assertThat(waits(name)).isTrue();
        assertThat(served).isEmpty();
        unready.clear();
        assertThat(waits(name)).isFalse();
        assertThat(served).containsExactly(name);
    }

    @Test
    void patienceHasAnEndAndBeginsAnewAtTheNextBoot() {
        unready.add(MAC);
        assertThat(waits(MENU)).isTrue();
        now += WatchedFiles.PATIENCE.toNanos() - 1;
        assertThat(waits(MENU)).isTrue();
        now += 1;
        assertThat(waits(MENU)).isFalse();
        assertThat(waits(MENU)).as("the next boot").isTrue();
    }

    @Test
    void otherFilesAreNotHeldBackAndTellThatAMachineIsComing() {
        unready.add(MAC);
        for (String name : List.of("pxelinux.0", "ldlinux.c32", "pxelinux.cfg/default", "nbroot/kernels/ab/vmlinuz")) {
            assertThat(waits(name)).as(name).isFalse();
        }
        assertThat(asked).containsOnly(MAC).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"03-00-00-00-00-01", "FF-FF-FF-FF-FF-FF", "00-00-00-00-00-00"})
    void aMenuOfACardThatNobodyCanHaveIsAFileAsAnyOther(String card) {
        assertThat(files.open("pxelinux.cfg/01-" + card, WHO)).isInstanceOf(TftpFiles.Refused.class);
        assertThat(served).containsExactly("pxelinux.cfg/01-" + card);
    }

    @Test
    void whoAsksForItsOwnMenuBoots() {
        files.open("pxelinux.cfg/default", WHO);
        files.open("pxelinux.cfg/01-52-54-00-12-34-57", WHO);
        assertThat(booted).as("another one's menu").isEmpty();
        files.open(MENU, WHO);
        assertThat(booted).containsExactly(MAC);
    }
}
