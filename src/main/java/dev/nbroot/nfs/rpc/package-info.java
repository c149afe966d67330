/** ONC RPC version 2 (RFC 5531) over TCP and UDP: event loops, bounded buffers, duplicate requests. Knows no NFS. */
package dev.nbroot.nfs.rpc;
