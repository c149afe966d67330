package dev.nbroot.serve;

/**
 * Whether and where the boot tree is served by HTTP.
 *
 * @param port 0 to 65535; 0 takes a free one
 * @param insists whether serve fails when the port is taken; otherwise it goes on without HTTP, because whatever machines
 *     fetch by HTTP they can fetch by TFTP
 */
public record HttpChoice(int port, boolean insists) {}
