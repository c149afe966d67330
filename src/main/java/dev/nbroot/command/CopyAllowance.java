package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.MacAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much of its kernels each machine may make the server copy: a machine can write ever new ones, and what is copied
 * takes space for an hour. Dozens of usual ones may come at once.
 */
final class CopyAllowance {
    /** Two of the largest that are taken, and some. */
    static final long MOST_BYTES = 3L << 30;

    private static final long BYTES_PER_HOUR = 1L << 30;
    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

    private final LongSupplier nanoClock;
    private final Map<MacAddress, Account> accounts = new HashMap<>();

    /** What was left at a moment; less than nothing when a file has grown while it was copied. */
    private record Account(long left, long at) {}

    CopyAllowance(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** @throws Failure of kind {@code FAILED} when so much may not be copied yet */
    synchronized void require(ClientRecord client, long bytes) {
        long lacking = bytes - left(client.mac());
        if (lacking > 0) {
            double hours = (double) lacking / BYTES_PER_HOUR;
            throw Failure.of(
                    FailureKind.FAILED,
                    "it has changed its kernels so often that " + (MOST_BYTES >> 20)
                            + " MiB of them were copied, and now no more than " + (BYTES_PER_HOUR >> 20)
                            + " MiB an hour are",
                    "see what writes to its /boot; what is there is taken in "
                            + Math.max(1, Math.round(hours * Duration.ofHours(1).toMinutes())) + " min, or at once by"
                            + " nbroot stage");
        }
    }

    /** Notes what was copied. */
    synchronized void spend(ClientRecord client, long bytes) {
        accounts.put(client.mac(), new Account(left(client.mac()) - bytes, nanoClock.getAsLong()));
    }

    private long left(MacAddress mac) {
        Account account = accounts.get(mac);
        if (account == null) {
            return MOST_BYTES;
        }
        double hours = (double) (nanoClock.getAsLong() - account.at()) / HOUR_NANOS;
        return Math.min(MOST_BYTES, account.left() + (long) (hours * BYTES_PER_HOUR));
    }
}
