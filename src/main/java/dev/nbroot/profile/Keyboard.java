package dev.nbroot.profile;

/**
 * The console's keyboard, as in keyboard(5) and cloud-init.
 *
 * <pre>{@code
 * keyboard: {layout: de, model: pc105, variant: nodeadkeys, options: "compose:ralt"}
 * }</pre>
 *
 * @param layout XKB layouts, comma separated, as in {@code de}; never empty
 * @param model XKB model
 * @param variant XKB variant, or empty
 * @param options XKB options, or empty
 */
public record Keyboard(String layout, String model, String variant, String options) {}
