package dev.nbroot.profile;

import java.util.Optional;

/**
 * One key of a block: its name, what its value may be, and the words that an editor shows about it.
 *
 * @param about one or two sentences for the person who writes the profile
 * @param otherwise the value when nobody writes one: a text, a flag or a list of texts; absent when there is none, or when
 *     it depends on other keys
 * @param required whether it must be there
 */
record Key(String name, Form form, String about, Optional<Object> otherwise, boolean required) {
    static Key of(String name, Form form, String about) {
        return new Key(name, form, about, Optional.empty(), false);
    }

    static Key required(String name, Form form, String about) {
        return new Key(name, form, about, Optional.empty(), true);
    }

    static Key flag(String name, boolean otherwise, String about) {
        return of(name, new Form.Flag(), about).otherwise(otherwise);
    }

    Key otherwise(Object value) {
        return new Key(name, form, about, Optional.of(value), required);
    }
}
