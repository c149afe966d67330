package dev.nbroot.profile;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What a value of a profile may be. Decoders take a value by its form, and the JSON Schema for editors is written from the
 * same forms: a key, a word or a pattern stands in the code once.
 */
sealed interface Form {
    /** A text of a shape. */
    record Text(Shape shape) implements Form {}

    /** One of some words. */
    record Word(List<String> words) implements Form {}

    /** {@code true} or {@code false}. */
    record Flag() implements Form {}

    /** {@code false}, where {@code true} would mean nothing. */
    record Off() implements Form {}

    /** A whole number. */
    record Number(long least, long most) implements Form {}

    /**
     * A list.
     *
     * @param removable whether the entry {@code -TEXT} removes one that an include has
     */
    record ListOf(Form item, boolean removable) implements Form {}

    /**
     * A map whose keys are names of the user's choice.
     *
     * @param mayBeNothing whether {@code NAME: null} takes an inherited entry back
     */
    record Names(Form value, boolean mayBeNothing) implements Form {}

    /** A map whose keys are known. */
    record Block(List<Key> keys) implements Form {
        /**
         * {@return the key of this name}
         *
         * @throws IllegalStateException when the decoder asks for a key that the block does not describe
         */
        Key key(String name) {
            return keys.stream()
                    .filter(key -> key.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no form describes the key " + name));
        }
    }

    /** One of some forms. */
    record Either(List<Form> forms) implements Form {}

    static Text text(Shape shape) {
        return new Text(shape);
    }

    static <E> Word word(E[] constants, Function<E, String> word) {
        return new Word(Arrays.stream(constants).map(word).toList());
    }

    static ListOf listOf(Form item) {
        return new ListOf(item, false);
    }

    static ListOf listOf(Shape shape) {
        return new ListOf(new Text(shape), false);
    }

    static ListOf removable(Shape shape) {
        return new ListOf(new Text(shape), true);
    }

    static Either either(Form... forms) {
        return new Either(List.of(forms));
    }

    static Block block(Key... keys) {
        return new Block(List.of(keys));
    }

    /**
     * {@return this form, or the one of its alternatives, that is of this kind}
     *
     * @throws IllegalStateException when there is none: the decoder and the form disagree
     */
    default <F extends Form> F as(Class<F> kind) {
        if (kind.isInstance(this)) {
            return kind.cast(this);
        }
        if (this instanceof Either either) {
            for (Form form : either.forms()) {
                if (kind.isInstance(form)) {
                    return kind.cast(form);
                }
            }
        }
        throw new IllegalStateException("a decoder wants " + kind.getSimpleName() + ", the form is " + this);
    }
}
