/** The port mapper, version 2 (RFC 1833, 3): our own, or registration with another one. */
package dev.nbroot.nfs.portmap;
