package dev.nbroot.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One request and its response. */
final class Exchange {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int WRONG_RANGE = 416;
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;
    private static final int BUSY = 503;
    private static final long NO_BODY = -1;

    private final HttpExchange exchange;
    private final Sending.Body body;
    private final long start = System.nanoTime();
    private String served = "";
    private String range = "";
    private int status;

    Exchange(HttpExchange exchange, Sending sending) {
        this.exchange = exchange;
        this.body = sending.begin(exchange);
    }

    /** Answers by a file or a refusal. */
    HttpTransfer answer(HttpFiles files) {
        if (!isForReading()) {
            return refuseMethod();
        }
        HttpFiles.Answer answer = files.open(path(), exchange.getRemoteAddress());
        if (answer instanceof HttpFiles.Refused no) {
            int code = switch (no.outcome()) {
                case MISSING -> NOT_FOUND;
                case DENIED -> FORBIDDEN;
                default -> FAILED;
            };
            return refuse(code, no.outcome(), no.reason());
        }
        HttpFiles.Served file = (HttpFiles.Served) answer;
        served = file.servedName();
        try (HttpContent content = file.content()) {
            return answer(content);
        } catch (Sending.ReadFailure e) {
            return ended(HttpOutcome.FAILED, "reading the file failed: " + e.getMessage());
        } catch (IOException e) {
            return body.isGivenUp()
                    ? ended(HttpOutcome.TIMED_OUT, "the client took nothing for too long")
                    : ended(HttpOutcome.CLIENT_GONE, "the client closed the connection");
        }
    }

    private boolean isForReading() {
        return List.of("GET", "HEAD").contains(exchange.getRequestMethod());
    }

    private HttpTransfer refuseMethod() {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        return refuse(WRONG_METHOD, HttpOutcome.DENIED, "files can only be read here");
    }

    /** {@return whether the request says that more comes behind its head (RFC 9112, section 6.3)} */
    boolean hasBody() {
        Headers request = exchange.getRequestHeaders();
        String length = request.getFirst("Content-Length");
        return request.containsKey("Transfer-Encoding")
                || length != null && !length.strip().equals("0");
    }

    /** Answers that nothing was to come. */
    HttpTransfer refuseBody() {
        return isForReading()
                ? refuse(TOO_LARGE, HttpOutcome.BAD_REQUEST, "who asks for a file has nothing to send")
                : refuseMethod();
    }

    /** Answers that there are too many. */
    HttpTransfer refuseForNow() {
        exchange.getResponseHeaders().set("Retry-After", "1");
        return refuse(BUSY, HttpOutcome.OVER_LIMIT, "this machine has too many requests open");
    }

    private HttpTransfer answer(HttpContent content) throws IOException {
        Headers request = exchange.getRequestHeaders();
        Headers response = exchange.getResponseHeaders();
        Validators validators = Validators.of(content);
        validators.describe(response);
        response.set("Accept-Ranges", "bytes");
        if (validators.isKnown(request)) {
            respond(NOT_MODIFIED, NO_BODY);
            return ended(HttpOutcome.UNCHANGED, "");
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        Optional<ByteRange> part = head || !validators.allowRange(request)
                ? Optional.empty()
                : ByteRange.of(request.getFirst("Range"), content.size());
        if (part.isPresent() && part.get().length() == 0) {
            response.set("Content-Range", "bytes */" + content.size());
            return refuse(WRONG_RANGE, HttpOutcome.BAD_REQUEST, "the file has not these bytes");
        }
        response.set("Content-Type", "application/octet-stream");
        part.ifPresent(some -> {
            range = some.text(content.size());
            response.set("Content-Range", "bytes " + range);
        });
        if (head) {
            response.set("Content-Length", Long.toString(content.size()));
            respond(OK, NO_BODY);
            return ended(HttpOutcome.PROBE, "");
        }
        ByteRange wanted = part.orElse(new ByteRange(0, content.size()));
        // To the JDK's server 0 means that the length is not known.
        respond(part.isPresent() ? PARTIAL : OK, wanted.length() == 0 ? NO_BODY : wanted.length());
        body.send(content, wanted);
        return ended(HttpOutcome.DONE, "");
    }

    private HttpTransfer refuse(int code, HttpOutcome outcome, String reason) {
        try {
            respond(code, NO_BODY);
            return ended(outcome, reason);
        } catch (IOException e) {
            return ended(HttpOutcome.CLIENT_GONE, "the client closed the connection");
        }
    }

    private void respond(int code, long length) throws IOException {
        status = code;
        exchange.sendResponseHeaders(code, length);
    }

    private HttpTransfer ended(HttpOutcome outcome, String reason) {
        return new HttpTransfer(
                exchange.getRemoteAddress(),
                exchange.getRequestMethod(),
                path(),
                served,
                outcome,
                reason,
                status,
                body.sent(),
                range,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private String path() {
        return Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
    }
}
