package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Private kernel namespaces whose life hangs on this process.
 *
 * <p>A namespace's first process reads a pipe that only nbroot holds open. When nbroot ends, by whatever way, the pipe
 * closes, that process ends, and the kernel kills every other process of its PID namespace; the mounts and interfaces
 * go with them (pid_namespaces(7), mount_namespaces(7)). So nothing needs to be cleaned up, not even after SIGKILL.
 */
public interface Namespaces {

    /** {@return new mount, PID and UTS namespaces; mounts and host names made inside are not seen outside} */
    Namespace open();

    /** {@return new mount, PID, UTS and network namespaces; the network has the loopback interface only, up} */
    Namespace openWithNetwork();

    /** One set of namespaces. Closing it kills whatever runs inside and waits until it is gone. */
    interface Namespace extends AutoCloseable {
        /** {@return the command that runs the given one inside} */
        Invocation inside(Invocation invocation);

        /**
         * {@return the path by which this process reaches a path of the inside, through {@code /proc/PID/root}}
         *
         * <p>An absolute symbolic link on the way would lead to the host's tree: see TreePath.
         *
         * @param inside an absolute path as seen inside
         */
        Path path(Path inside);

        /**
         * Does something on a thread whose sockets belong to the namespace's network; so do those of all threads that
         * it starts (setns(2) works on one thread, and clone(2) passes the namespaces on).
         *
         * @return what the work returns
         */
        <T> T onNetwork(Supplier<T> work);

        /**
         * @throws Failure of kind {@code FAILED} when the processes inside do not end
         */
        @Override
        void close();
    }
}
