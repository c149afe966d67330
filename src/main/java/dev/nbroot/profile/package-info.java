/**
 * YAML to immutable records: {@link dev.nbroot.profile.ProfileReader} reads what {@link dev.nbroot.profile.Profile} says.
 *
 * <p>The way in: files and includes ({@code ProfileFiles}) become trees that know their places ({@code YamlText},
 * {@code YamlValue}), are laid over each other ({@code Merge}, {@code SetOption}), and are decoded block by block through
 * {@code Fields} and {@code Cursor}, which collect all {@code Problems} instead of stopping at the first. Which keys there
 * are and what they may hold stands in {@code Form}s, which the decoders take their values by and {@link
 * dev.nbroot.profile.ProfileSchema} is written from, so that messages, decoders and editors cannot drift apart.
 *
 * <p>The way out: a profile becomes a {@code ProfileTree} again, with hashes in the place of secrets for manifests ({@code
 * CanonicalTree}), or as the user wrote it for {@code nbroot show} ({@code PlainTree}, {@code ProfileYaml}).
 *
 * <p>Whether a suite exists, a mirror answers or a package can be installed is not judged here.
 */
package dev.nbroot.profile;
