package dev.nbroot.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One request, at its end.
 *
 * @param client who asked
 * @param method as it was sent
 * @param asked the path, decoded; may hold control characters
 * @param served what the path meant, such as the path below the root; empty if nothing was served
 * @param outcome what came of it
 * @param reason why, one sentence; empty for {@link HttpOutcome#DONE}; may quote the client
 * @param status of the response (RFC 9110, section 15)
 * @param bytes of the body that were handed to the kernel
 * @param range the bytes that were asked for, as in {@code 100-199/1000}; empty when it was all of them
 * @param took from the request to the end
 */
public record HttpTransfer(
        InetSocketAddress client,
        String method,
        String asked,
        String served,
        HttpOutcome outcome,
        String reason,
        int status,
        long bytes,
        String range,
        Duration took) {}
