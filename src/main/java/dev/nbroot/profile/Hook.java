package dev.nbroot.profile;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One command of a hook, written as a string or as {@code {run: "...", chroot: true, timeout: 10m}}.
 *
 * <p>As with mmdebstrap, {@code sh -c} runs it on the host's side with the root's path as {@code $1}, unless
 * {@code chroot} is true.
 *
 * @param run what {@code sh -c} gets; never blank
 * @param chroot whether it runs inside the root
 * @param timeout how long it may take, at least one second
 * @param directory where the profile lies that has it, absolute: the working directory on the host's side
 */
public record Hook(String run, boolean chroot, Duration timeout, Path directory) {
    /** How long a hook may take that does not say. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);
}
