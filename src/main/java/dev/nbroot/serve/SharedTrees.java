package dev.nbroot.serve;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SharedHolder;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who has which shared tree: the first machine that asks, until it is off. Two that write to one file system without
 * knowing of each other would ruin what they write.
 */
final class SharedTrees {
    private final StateDirectory state;
    private final boolean lasting;
    private final Machines machines;
    private final Clock clock;
    private final LongSupplier nanoClock;
    /** Of a rehearsal, for which nothing is noted. */
    private final Map<MacAddress, SharedHolder> rehearsed = new HashMap<>();

    private final Map<MacAddress, Long> claimed = new HashMap<>();

    /** @param lasting whether it is noted who has one; a rehearsal takes nothing from anybody */
    SharedTrees(StateDirectory state, boolean lasting, Machines machines, Clock clock, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lasting = lasting;
        this.state = state;
        this.machines = machines;
        this.clock = clock;
    }

    /** {@return the machine that has a tree, when that is another one than the caller} */
    private Optional<SharedHolder> other(ClientRecord tree, InetAddress caller) {
        return holder(tree)
                .filter(holder -> !holder.is(machines.card(caller), caller.getHostAddress()))
                .filter(holder -> !isReplaced(tree, holder, caller));
    }

    /**
     * {@return whether the caller has the holder's address now, with another card: then the holder is gone, or has another
     * card} Not when the holder has called this server: it would have to have lost its address while it runs.
     */
    private boolean isReplaced(ClientRecord tree, SharedHolder holder, InetAddress caller) {
        return holder.address().equals(caller.getHostAddress()) && !claimed.containsKey(tree.mac());
    }

    /**
     * Gives a tree to a caller, unless another machine has it.
     *
     * @return that one; empty when the caller has the tree now
     */
    synchronized Optional<SharedHolder> claim(ClientRecord tree, InetAddress caller) {
        Optional<SharedHolder> other = other(tree, caller);
        if (other.isEmpty()) {
            claimed.put(tree.mac(), nanoClock.getAsLong());
            Optional<SharedHolder> before = holder(tree);
            SharedHolder holder = new SharedHolder(
                    machines.card(caller).or(() -> before.flatMap(SharedHolder::card)),
                    caller.getHostAddress(),
                    before.filter(one -> one.is(machines.card(caller), caller.getHostAddress()))
                            .map(SharedHolder::since)
                            .orElseGet(() -> clock.instant()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString()));
            if (!before.equals(Optional.of(holder))) {
                // Noted before it is answered: a server that is killed now must not give the tree to somebody else.
                if (lasting) {
                    AtomicFile.write(file(tree), holder.line(), "rw-r--r--");
                } else {
                    rehearsed.put(tree.mac(), holder);
                }
            }
        }
        return other;
    }

    /**
     * Nobody has the tree any more, unless the machine that has it has called since.
     *
     * @param decidedNanos when it was found to be off
     */
    synchronized void release(ClientRecord tree, long decidedNanos) {
        Long last = claimed.get(tree.mac());
        if (last != null && last - decidedNanos >= 0) {
            return;
        }
        if (!lasting) {
            rehearsed.remove(tree.mac());
            return;
        }
        try {
            Files.deleteIfExists(file(tree));
        } catch (IOException e) {
            throw Failure.io("delete", file(tree), e);
        }
    }

    /** Read each time, so that who deletes the file frees the tree; a connection asks once in some seconds. */
    private Optional<SharedHolder> holder(ClientRecord tree) {
        return lasting ? SharedHolder.read(file(tree)) : Optional.ofNullable(rehearsed.get(tree.mac()));
    }

    private Path file(ClientRecord tree) {
        return state.holder(tree.mac());
    }
}
