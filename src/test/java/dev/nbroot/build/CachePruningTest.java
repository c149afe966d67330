package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody can set a time of status change, so it is the clock that is set. */
class CachePruningTest {
    private static final CachePruning.Limits MONTH = new CachePruning.Limits(Duration.ofDays(30), OptionalLong.empty());

    @TempDir
    private Path cache;

    private Path deb(String kind, char digit, int size) throws IOException {
        Path directory = Files.createDirectories(cache.resolve(kind).resolve(("" + digit).repeat(2)));
        return Files.write(directory.resolve(("" + digit).repeat(64) + ".deb"), new byte[size]);
    }

    private Path layer(String name, Instant used) throws IOException {
        Path layer = Files.createDirectories(cache.resolve("layers").resolve(name));
        Files.createDirectories(layer.resolve("tree"));
        Files.setLastModifiedTime(Files.createFile(layer.resolve("used")), FileTime.from(used));
        return layer;
    }

    private CachePruning.Pruned prune(Duration later, CachePruning.Limits limits, boolean dryRun) {
        return new CachePruning(cache, Events.none(), tree -> 500)
                .prune(Instant.now().plus(later), limits, dryRun);
    }

    @Test
    void whatWasNotUsedForAMonthGoes() throws IOException {
        Path deb = deb("debs", 'a', 100);
        Path plain = deb("plain", 'b', 200);
        Path print = Files.writeString(plain.resolveSibling("b".repeat(64) + ".crc32"), "200 0");
        Path layer = layer("base-0", Instant.now());

        assertThat(prune(Duration.ofDays(29), MONTH, false)).isEqualTo(new CachePruning.Pruned(0, 0, 0));
        assertThat(prune(Duration.ofDays(31), MONTH, true)).isEqualTo(new CachePruning.Pruned(2, 1, 800));
        assertThat(deb).exists();
        assertThat(prune(Duration.ofDays(31), MONTH, false)).isEqualTo(new CachePruning.Pruned(2, 1, 800));
        assertThat(deb).doesNotExist();
        assertThat(plain).doesNotExist();
        assertThat(print).doesNotExist();
        assertThat(layer).doesNotExist();
    }

    @Test
    void whatABuildLinksHasBeenUsed() throws IOException {
        Path deb = deb("debs", 'a', 100);
        FileTime before = (FileTime) Files.getAttribute(deb, "unix:ctime");
        pause();
        Files.createLink(cache.resolve("in-a-build.deb"), deb);
        assertThat((FileTime) Files.getAttribute(deb, "unix:ctime")).isGreaterThan(before);
    }

    @Test
    void whatIsTooMuchGoesByAgeAndWhatIsInUseStays() throws IOException {
        Path old = layer("base-0", Instant.now().minus(Duration.ofDays(3)));
        Path newer = layer("base-1", Instant.now().minus(Duration.ofDays(2)));
        Path inUse = layer("packages-2", Instant.now());
        CachePruning.Limits most = new CachePruning.Limits(Duration.ofDays(30), OptionalLong.of(1000));

        prune(Duration.ZERO, most, false);
        assertThat(old).doesNotExist();
        assertThat(newer).exists();
        prune(Duration.ZERO, new CachePruning.Limits(Duration.ofDays(30), OptionalLong.of(0)), false);
        assertThat(newer).doesNotExist();
        assertThat(inUse).as("used within the hour").exists();
    }

    @Test
    void whatKilledBuildsLeftGoesAndWhatLivingOnesMakeStays() throws IOException {
        long me = ProcessHandle.current().pid();
        Path mine = Files.createDirectories(cache.resolve("layers/.making-" + me + "-base-1"));
        Path dead = Files.createDirectories(cache.resolve("layers/.making-999999999-base-1"));
        Path part = Files.createFile(deb("debs", 'a', 1).resolveSibling(".123"));
        Path other = Files.createFile(cache.resolve("debs/keep-me"));

        prune(Duration.ofHours(12), MONTH, false);
        assertThat(part).exists();
        prune(Duration.ofDays(2), MONTH, false);
        assertThat(mine).exists();
        assertThat(dead).doesNotExist();
        assertThat(part).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void thereNeedBeNoCache() {
        assertThat(new CachePruning(cache.resolve("none"), Events.none(), tree -> 1).prune(Instant.now(), MONTH, false))
                .isEqualTo(new CachePruning.Pruned(0, 0, 0));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
