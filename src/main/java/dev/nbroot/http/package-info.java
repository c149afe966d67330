/**
 * A read-only HTTP/1.1 file server as a library, on the JDK's own {@code com.sun.net.httpserver}: GET and HEAD, byte
 * ranges and validators (RFC 9110).
 *
 * <p>{@link dev.nbroot.http.HttpFileServer} is the door. What a path means is decided by {@link
 * dev.nbroot.http.HttpFiles}, what happened is told to {@link dev.nbroot.http.HttpListener} once per request. The JDK
 * parses requests and holds connections; limits for clients that are many, slow or silent are ours.
 */
package dev.nbroot.http;
