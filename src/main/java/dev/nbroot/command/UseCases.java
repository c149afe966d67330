package dev.nbroot.command;

/** The use cases, ready to run against one state directory. */
public interface UseCases {
    /** {@return what {@code nbroot serve} does} */
    ServeClients serveClients();
}
