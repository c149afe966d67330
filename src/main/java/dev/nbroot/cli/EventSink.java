package dev.nbroot.cli;

import dev.nbroot.report.Events;

/** Shows events while a command runs. Closing it takes an unfinished progress line away. */
interface EventSink extends Events, AutoCloseable {
    @Override
    void close();
}
