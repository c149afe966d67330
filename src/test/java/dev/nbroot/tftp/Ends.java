package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the events of a server. */
final class Ends implements TftpListener {
    private final BlockingQueue<TransferEnd> ends = new LinkedBlockingQueue<>();

    @Override
    public void ended(TransferEnd end) {
        ends.add(end);
    }

    TransferEnd next() throws InterruptedException {
        TransferEnd end = ends.poll(10, TimeUnit.SECONDS);
        assertThat(end).as("an event within 10 s").isNotNull();
        return end;
    }

    int waiting() {
        return ends.size();
    }

    void clear() {
        ends.clear();
    }
}
