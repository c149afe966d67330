/** NFS version 3 (RFC 1813) over the kernel's file calls. Each instance of everything here belongs to one loop. */
package dev.nbroot.nfs.v3;
