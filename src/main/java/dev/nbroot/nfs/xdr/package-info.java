/** External data representation, RFC 4506: bounded reading and writing, without copies. */
package dev.nbroot.nfs.xdr;
