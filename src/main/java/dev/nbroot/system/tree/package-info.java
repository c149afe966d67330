/**
 * File trees as they really are: every name as bytes, every property that the kernel keeps of it.
 *
 * <p>{@link dev.nbroot.system.tree.TreeDigest} makes one hash over a tree, {@link dev.nbroot.system.tree.TreeComparison}
 * says in what two trees differ. Both hold directories open and look at names in them, so no symbolic link is followed;
 * both stop at a mount.
 */
package dev.nbroot.system.tree;
