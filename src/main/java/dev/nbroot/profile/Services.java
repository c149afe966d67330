package dev.nbroot.profile;

import java.util.List;

/**
 * What systemd starts.
 *
 * <pre>{@code
 * services: {enable: [ssh], disable: [apt-daily.timer], mask: [rpc-statd]}
 * }</pre>
 *
 * <p>Names are complete unit names here: {@code ssh} has become {@code ssh.service}. No unit is both enabled and
 * disabled or masked.
 *
 * @param enable units to enable
 * @param disable units to disable
 * @param mask units to mask
 */
public record Services(List<String> enable, List<String> disable, List<String> mask) {

    /** Copies the lists. */
    public Services {
        enable = List.copyOf(enable);
        disable = List.copyOf(disable);
        mask = List.copyOf(mask);
    }
}
