package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import dev.nbroot.tftp.Outcome;
import dev.nbroot.tftp.TransferEnd;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TftpActivityTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 69);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.7", 2070);

    @TempDir
    private Path directory;

    private Event.ClientActivity said(String asked, String served, Outcome outcome, String reason, int blksize) {
        List<Event> events = new ArrayList<>();
        ServedState state = new ServedState(new StateDirectory(directory), events::add, System::nanoTime);
        Machines machines =
                new Machines(state, address -> Optional.of(MacAddress.parse("52:54:00:00:00:07")), System::nanoTime);
        new TftpActivity(
                        machines, events::add, new BootFileUses(new StateDirectory(directory), machines, UseLog.none()))
                .ended(new TransferEnd(
                        SERVER, CLIENT, asked, served, outcome, reason, 1000, Duration.ofMillis(2500), blksize, 4, 3));
        assertThat(events).hasSize(1);
        return (Event.ClientActivity) events.get(0);
    }

    @Test
    void tellsATransferWhole() {
        Event.ClientActivity said = said("\\Boot\\BCD", "Boot/BCD", Outcome.DONE, "", 1408);
        assertThat(said.who().address()).isEqualTo("127.0.0.7");
        assertThat(said.who().mac()).isEqualTo("52:54:00:00:00:07");
        assertThat(said.subject()).isEqualTo("\\\\Boot\\\\BCD");
        assertThat(said.outcome()).isEqualTo("done");
        assertThat(said.expected()).isFalse();
        assertThat(said.details().toString())
                .isEqualTo("{bytes=1000, seconds=2.5, blksize=1408, window=4, retransmitted=3, served=Boot/BCD}");
    }

    @Test
    void letsNoClientWriteLines() {
        Event.ClientActivity said =
                said("a\r\nready\u001b[2J", "", Outcome.CLIENT_ERROR, "the client sent error 0: x\ny", 0);
        assertThat(said.subject()).isEqualTo("a\\x0d\\x0aready\\x1b[2J");
        assertThat(said.outcome()).isEqualTo("client error");
        assertThat(said.reason()).isEqualTo("the client sent error 0: x\\x0ay");
        assertThat(said.details()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pxelinux.cfg/default, MISSING, true",
        "nbroot/pxelinux.cfg/0A4D00AD, MISSING, true",
        "grub/x86_64-efi/fs.lst, MISSING, true",
        "pxelinux.0, MISSING, false",
        "pxelinux.cfg/default, DENIED, false",
        "vmlinuz, PROBE, true",
        "vmlinuz, TIMED_OUT, false"
    })
    void keepsExpectedMissesAndProbesForVerbose(String asked, Outcome outcome, boolean expected) {
        assertThat(said(asked, "", outcome, "", 0).expected()).isEqualTo(expected);
    }
}
