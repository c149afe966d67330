/** What is exported, to whom, and who is told: the values and seams that a user of the NFS server implements. */
package dev.nbroot.nfs.export;
