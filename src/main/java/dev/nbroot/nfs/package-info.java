/** nbroot's own NFS server: version 3, MOUNT and port mapper, as a library. It knows no nbroot types but the file port. */
package dev.nbroot.nfs;
