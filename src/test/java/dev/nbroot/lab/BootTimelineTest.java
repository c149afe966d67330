package dev.nbroot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BootTimelineTest {
    private final AtomicLong nanos = new AtomicLong();
    private final BootTimeline timeline = new BootTimeline(nanos::get, reached -> {});

    @Test
    void aWholeBootGivesEveryStageOnceAndInOrder() {
        timeline.onDhcpLine("dnsmasq-dhcp: 123 DHCPACK(br0) 10.0.0.101 52:54:00:6e:62:01");
        fetched("pxelinux.0");
        fetched("ldlinux.c32");
        fetched("pxelinux.cfg/01-52-54-00-6e-62-01");
        fetched("nbroot/bookworm/1/vmlinuz");
        nanos.set(Duration.ofSeconds(20).toNanos());
        fetched("nbroot/bookworm/1/initrd");
        timeline.onDhcpLine("dnsmasq-dhcp: 124 DHCPACK(br0) 10.0.0.101 52:54:00:6e:62:01");
        activity("mount", "/var/lib/nbroot/clients/x/root", "done");
        timeline.reach(BootStage.PROMPT);
        timeline.reach(BootStage.LOGIN);

        assertThat(timeline.reached().stream().map(BootTimeline.Reached::stage))
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(BootStage.IMAGE)));
        assertThat(timeline.reached().get(BootStage.INITRD.ordinal()).after()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aRootInMemoryIsFetchedAndNotMounted() {
        fetched("nbroot/bookworm/1/initrd");
        activity("http", "nbroot/bookworm/1/root.squashfs", "done");
        assertThat(timeline.last()).isEqualTo(BootStage.IMAGE);
        timeline.reach(BootStage.PROMPT);
        assertThat(timeline.reached().stream().map(BootTimeline.Reached::stage))
                .containsExactly(BootStage.POWERED_ON, BootStage.INITRD, BootStage.IMAGE, BootStage.PROMPT);
    }

    @Test
    void aMissingFileAndARefusedMountAreNoProgress() {
        activity("tftp", "pxelinux.cfg/default", "missing");
        activity("mount", "/srv", "refused");

        assertThat(timeline.last()).isEqualTo(BootStage.POWERED_ON);
    }

    @Test
    void everyStageButTheLastSaysWhatIsMissing() {
        for (BootStage stage : BootStage.values()) {
            assertThat(stage.whatIsMissing().isEmpty()).isEqualTo(stage == BootStage.LOGIN);
        }
    }

    private void fetched(String file) {
        activity("tftp", file, "done");
    }

    private void activity(String what, String subject, String outcome) {
        timeline.on(new Event.ClientActivity(
                new Event.Machine("", "10.0.0.101", ""), what, subject, outcome, "", false, Map.of()));
    }
}
