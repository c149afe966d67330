package dev.nbroot.serve;

import dev.nbroot.system.MacAddress;
import dev.nbroot.tftp.TftpFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves a machine's menu only when it names the kernel that the machine has installed last: a machine that is rebooted
 * right behind an upgrade asks for it seconds later. What it asked for before, its boot loader, tells that it is coming.
 */
final class WatchedFiles implements TftpFiles {
    /** A third of the time for which PXELINUX goes on asking; a menu of an older kernel is better than none. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Names come as machines send them, with what else the server forgives. */
    private static final Pattern MENU = Pattern.compile(
            "(?:.*[/\\\\])?pxelinux\\.cfg[/\\\\]+01-([0-9a-f]{2}(?:-[0-9a-f]{2}){5})\u00ff*", Pattern.CASE_INSENSITIVE);

    private static final int MOST = 4096;

    private final TftpFiles files;
    private final BootWatch watch;
    private final Function<InetSocketAddress, Optional<MacAddress>> cards;
    private final Consumer<MacAddress> boots;
    private final LongSupplier nanoClock;
    /** Since when a menu is held back. */
    private final Map<MacAddress, Long> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MacAddress, Long> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Watches over some files.
     *
     * @param cards tells the network card of a machine, if it is known
     * @param boots is told of each machine that asks for its own menu
     */
    WatchedFiles(
            TftpFiles files,
            BootWatch watch,
            Function<InetSocketAddress, Optional<MacAddress>> cards,
            Consumer<MacAddress> boots,
            LongSupplier nanoClock) {
        this.files = files;
        this.watch = watch;
        this.cards = cards;
        this.boots = boots;
        this.nanoClock = nanoClock;
    }

    @Override
    public Answer open(String name, InetSocketAddress client) {
        Matcher menu = MENU.matcher(name);
        if (menu.matches()) {
            // Whatever it says: that no machine can have it makes the name no other one.
            MacAddress mac = new MacAddress(menu.group(1).toLowerCase(Locale.ROOT));
            cards.apply(client).filter(mac::equals).ifPresent(boots);
            if (!watch.isReady(mac) && hasPatience(mac)) {
                return new Later();
            }
            waiting.remove(mac);
        } else {
            // Only that it is coming: what it asks for now is the same for all kernels.
            cards.apply(client).ifPresent(watch::isReady);
        }
        return files.open(name, client);
    }

    private boolean hasPatience(MacAddress mac) {
        long now = nanoClock.getAsLong();
        Long since = waiting.get(mac);
        if (since == null || now - since > 2 * PATIENCE.toNanos()) {
            waiting.put(mac, now);
            return true;
        }
        return now - since < PATIENCE.toNanos();
    }
}
