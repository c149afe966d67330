/**
 * What a profile can walk into, found before anything is touched: {@link dev.nbroot.check.ProfileChecks} judges a profile by
 * the releases there are, without root, without a mirror, and without asking the host.
 *
 * <p>Each class has one field of traps and writes down what it finds in {@code Findings}. Errors are what would not boot or
 * could not be built; warnings are what is only unwise.
 */
package dev.nbroot.check;
