package dev.nbroot.system.linux;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** The system calls that mounts and namespaces need, by JNA's interface mapping: they are rare, so speed does not matter. */
final class KernelCalls {
    private interface C extends Library {
        long syscall(Object... arguments);

        int openat(int directory, String path, int flags);

        int close(int descriptor);

        String strerror(int errno);
    }

    private static final C LIBC = Native.load("c", C.class);

    private KernelCalls() {}

    /** {@return the result of syscall(2), or -1 with {@link Native#getLastError} set} */
    static long syscall(Object... arguments) {
        Object[] widened = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            // A variadic C function reads whole registers: an int would leave the upper half undefined.
            widened[i] = arguments[i] instanceof Integer number ? Long.valueOf(number) : arguments[i];
        }
        return LIBC.syscall(widened);
    }

    static int openat(int directory, String path, int flags) {
        return LIBC.openat(directory, path, flags);
    }

    static void close(int descriptor) {
        LIBC.close(descriptor);
    }

    static String strerror(int errno) {
        return LIBC.strerror(errno);
    }
}
