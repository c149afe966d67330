package dev.nbroot.tftp;

/** Tells the outside what happened, and survives listeners that throw. */
final class Announcer {
    private final TftpListener listener;

    Announcer(TftpListener listener) {
        this.listener = listener;
    }

    void ended(TransferEnd end) {
        try {
            listener.ended(end);
        } catch (RuntimeException e) {
            problem(e);
        }
    }

    /** A fault that is no client's doing and must not end the server. */
    void problem(Throwable problem) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
    }
}
