/**
 * YAML to immutable records: {@link dev.nbroot.profile.ProfileReader} reads what {@link dev.nbroot.profile.Profile} says.
 *
 * <p>The way in: files and includes ({@code ProfileFiles}) become trees that know their places ({@code YamlText},
 * {@code YamlValue}), are laid over each other ({@code Merge}, {@code SetOption}), and are decoded block by block through
 * {@code Fields} and {@code Cursor}, which collect all {@code Problems} instead of stopping at the first. A key is known
 * when a decoder asks for it, so messages and decoders cannot drift apart.
 *
 * <p>Whether a suite exists, a mirror answers or a package can be installed is not judged here.
 */
package dev.nbroot.profile;
