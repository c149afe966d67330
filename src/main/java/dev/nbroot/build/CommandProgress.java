package dev.nbroot.build;

import dev.nbroot.report.Event;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a step is, by what debootstrap, apt and dpkg print. */
final class CommandProgress {
    private static final Pattern DOING = Pattern.compile(
            "(?:I: )?((Unpacking|Setting up|Retrieving|Configuring" + "|Extracting|Processing triggers for) \\S+).*");
    private static final Pattern DOWNLOAD = Pattern.compile("Get:\\d+ \\S+ \\S+ \\S+ (\\S+) \\S+ (\\S+) \\[.*");

    /** What apt-get says before it begins. */
    private static final Pattern PLAN = Pattern.compile("(\\d+) upgraded, (\\d+) newly installed, .*");

    private final String step;
    private long total;
    private long unpacked;
    private long configured;

    CommandProgress(String step) {
        this.step = step;
    }

    /** {@return where the step is, if a line says that} */
    Optional<Event.Progress> of(String line) {
        Matcher plan = PLAN.matcher(line);
        if (plan.matches()) {
            total = Long.parseLong(plan.group(1)) + Long.parseLong(plan.group(2));
            unpacked = 0;
            configured = 0;
            return Optional.empty();
        }
        Matcher doing = DOING.matcher(line);
        if (doing.matches()) {
            return Optional.of(new Event.Progress(step, doing.group(1), Optional.empty(), packages(doing.group(2))));
        }
        Matcher download = DOWNLOAD.matcher(line);
        return download.matches()
                ? Optional.of(new Event.Progress(step, "Fetching " + download.group(1)))
                : Optional.empty();
    }

    /** dpkg first unpacks all packages, then sets them up; some are unpacked and set up before the others. */
    private Optional<Event.Items> packages(String doing) {
        if (doing.equals("Unpacking")) {
            unpacked++;
        } else if (doing.equals("Setting up")) {
            configured++;
        } else {
            return Optional.empty();
        }
        long done = doing.equals("Unpacking") ? unpacked : configured;
        return done <= total ? Optional.of(Event.Items.of("packages", done, total)) : Optional.empty();
    }
}
