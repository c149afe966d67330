/** The MOUNT protocol, version 3 (RFC 1813, appendix I). */
package dev.nbroot.nfs.mount;
