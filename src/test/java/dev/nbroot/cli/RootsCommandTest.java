package dev.nbroot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.command.ClientsOutcome;
import dev.nbroot.command.RootsOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tables of {@code roots} and {@code clients}, with sizes that do not depend on a file system. */
class RootsCommandTest {
    @Test
    void generationsStandBelowEachOther() {
        RootsOutcome.One old = new RootsOutcome.One(
                9,
                false,
                Optional.of("2026-01-01T10:11:12Z"),
                Optional.of("bookworm"),
                Optional.of("6.1.0-1-amd64"),
                Optional.of(210),
                740_000_000,
                false,
                Path.of("/state/roots/bookworm/9/root"),
                List.of(),
                List.of(new RootsOutcome.User(
                        "10.0.0.7",
                        Optional.empty(),
                        Optional.empty(),
                        "2026-01-02T00:00:00Z",
                        Duration.ofHours(3),
                        false)));
        RootsOutcome.One current = new RootsOutcome.One(
                10,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1_000,
                true,
                Path.of("/state/roots/bookworm/10/root"),
                List.of(
                        new RootsOutcome.Bound("52:54:00:00:00:01", "node1", "stateless"),
                        new RootsOutcome.Bound("52:54:00:00:00:02", "node2", "stateless")),
                List.of(new RootsOutcome.User(
                        "10.0.0.8",
                        Optional.of("52:54:00:00:00:01"),
                        Optional.of("node1"),
                        "2026-01-02T00:00:00Z",
                        Duration.ofSeconds(70),
                        true)));
        assertThat(RootsCommand.text(new RootsOutcome(
                        List.of(new RootsOutcome.Root("bookworm", Optional.of(10), List.of(old, current))))))
                .isEqualTo("""
                        ROOT      GEN   BUILT             SUITE     KERNEL         PACKAGES  SIZE    STAGED  BOOTED NEXT BY  USED BY
                        bookworm  9     2026-01-01 10:11  bookworm  6.1.0-1-amd64  210       740 MB  no      -               10.0.0.7 (3 h ago)
                        bookworm  10 *  ?                 ?         ?              ?         1.0 kB  yes     node1, node2    node1 (now)""");
    }

    @Test
    void aClientThatRunsAnotherGenerationIsShownWithIt() {
        ClientsOutcome.Client seen = new ClientsOutcome.Client(
                "52:54:00:00:00:01",
                "node1",
                "bookworm",
                Optional.of(4),
                Optional.empty(),
                false,
                Optional.of(3),
                "stateless",
                Optional.of("10.0.0.8"),
                Optional.empty(),
                Optional.of("2026-01-02T00:00:00Z"),
                Optional.of(Duration.ofMinutes(35)),
                false);
        ClientsOutcome.Client never = new ClientsOutcome.Client(
                "52:54:00:00:00:02",
                "node2",
                "bookworm",
                Optional.of(3),
                Optional.of("6.1.0-9-amd64"),
                true,
                Optional.empty(),
                "persistent",
                Optional.empty(),
                Optional.of(12_000_000L),
                Optional.empty(),
                Optional.empty(),
                false);
        assertThat(ClientsCommand.text(new ClientsOutcome(List.of(seen, never))))
                .isEqualTo("""
                MAC                HOSTNAME  BOOTS NEXT  KERNEL              MODE        ADDRESS   OWN FILES  SEEN
                52:54:00:00:00:01  node1     bookworm/4  -                   stateless   10.0.0.8  -          35 min ago, with bookworm/3
                52:54:00:00:00:02  node2     bookworm/3  6.1.0-9-amd64, own  persistent  -         12 MB      never""");
    }
}
