package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.TftpChoices;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code nbroot serve} was asked to do about TFTP.
 *
 * @param singlePort answer from the listening port
 * @param ports answer from these: {@code LOW-HIGH}
 * @param maxBlksize the largest block size to agree to, in bytes
 * @param ignoreCase find files whose names differ in case only
 */
public record TftpOptions(boolean singlePort, Optional<String> ports, int maxBlksize, boolean ignoreCase) {
    private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})-([1-9][0-9]{0,4})");
    private static final int SMALLEST_BLKSIZE = 512;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * {@return the same, understood}
     *
     * @throws Failure of kind {@code USAGE} when it cannot be
     */
    TftpChoices choices() {
        if (maxBlksize < SMALLEST_BLKSIZE || maxBlksize > TftpChoices.LARGEST_BLKSIZE) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--tftp-max-blksize " + maxBlksize + " is no block size",
                    "give a number from " + SMALLEST_BLKSIZE + " to " + TftpChoices.LARGEST_BLKSIZE);
        }
        if (singlePort && ports.isPresent()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--tftp-single-port and --tftp-ports exclude each other",
                    "give the one that your firewall needs");
        }
        int[] range = ports.map(TftpOptions::range).orElse(new int[] {0, 0});
        return new TftpChoices(singlePort, range[0], range[1], maxBlksize, ignoreCase);
    }

    private static int[] range(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            int low = Integer.parseInt(range.group(1));
            int high = Integer.parseInt(range.group(2));
            if (low <= high && high <= HIGHEST_PORT) {
                return new int[] {low, high};
            }
        }
        throw Failure.of(
                FailureKind.USAGE,
                "--tftp-ports '" + text + "' is no range of ports",
                "write the lowest and the highest, such as 47000-47999; one port carries one transfer at a time");
    }
}
