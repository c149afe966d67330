package dev.nbroot.serve;

/**
 * What a rule gives to whom, once it is known which tree is meant.
 *
 * @param audience to whom
 * @param rights what
 * @param rule where it is said, for people: the rule as it was written, or what stands for it by default
 */
record Grant(Audience audience, Rights rights, String rule) {}
