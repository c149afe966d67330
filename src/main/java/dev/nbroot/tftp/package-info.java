/**
 * A read-only TFTP server as a library: RFC 1350, 2347 (options), 2348 (blksize), 2349 (tsize, timeout) and 7440
 * (windowsize).
 *
 * <p>{@link dev.nbroot.tftp.TftpServer} is the door. What a name means is decided by {@link dev.nbroot.tftp.TftpFiles}
 * ({@link dev.nbroot.tftp.RootFiles} serves a directory), what happened is told to {@link dev.nbroot.tftp.TftpListener}
 * once per transfer, sockets and time come in through the constructor. One thread and one selector carry everything;
 * parsing is pure and bounded by the size of one datagram.
 */
package dev.nbroot.tftp;
