package dev.nbroot.profile;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Addresses of archives and proxies. They may carry a password, so messages never show them. */
final class WebAddress {
    private static final String HINT = "as in http://mirror.example.org/debian, without blanks, ? and #";

    private WebAddress() {}

    /** {@return what a schema can say about such addresses; {@link #of} looks closer} */
    static Shape shape(List<String> schemes) {
        String files = schemes.contains("file") ? "|file:/[^\\s?#]*" : "";
        return Shape.of("an address", "https?://[^\\s/?#][^\\s?#]*" + files, HINT);
    }

    static Optional<String> of(Cursor value, List<String> schemes) {
        Optional<String> text = value.plain();
        if (text.isPresent() && !valid(text.get(), schemes)) {
            value.refuse("this is not an address of the kind " + String.join(", ", schemes), HINT);
            return Optional.empty();
        }
        return text;
    }

    static boolean valid(String text, List<String> schemes) {
        try {
            URI uri = new URI(text);
            boolean local = "file".equals(uri.getScheme());
            return uri.getScheme() != null
                    && schemes.contains(uri.getScheme())
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && (local ? uri.getPath() != null && uri.getPath().startsWith("/") : uri.getHost() != null);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
