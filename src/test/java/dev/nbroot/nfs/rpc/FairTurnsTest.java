package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who waits for whom on one loop. */
class FairTurnsTest {
    private static final int BLOCK = 0;
    private static final int LARGE = 1;
    private static final int SMALL = 2;
    private static final int PARTS = 3;
    private static final int LARGE_BYTES = 100_000;

    private final List<Integer> order = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch smallDone = new CountDownLatch(1);
    private final CountDownLatch partsDone = new CountDownLatch(1);

    /** Notes what comes in which order. */
    private Outcome note(RpcCall call) {
        order.add(call.procedure());
        switch (call.procedure()) {
            case BLOCK -> {
                blocked.countDown();
                await(go);
            }
            case SMALL -> smallDone.countDown();
            case PARTS -> {
                int done = call.progress() instanceof Integer n ? n : 0;
                if (done < 20) {
                    call.progress(done + 1);
                    return Outcome.AGAIN;
                }
                partsDone.countDown();
            }
            default -> {}
        }
        return Outcome.DONE;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Use {
        void of(Socket greedy, Socket modest) throws Exception;
    }

    private void onOneLoop(Use use) throws Exception {
        try (OneProgram server = new OneProgram(1, (call, out) -> note(call));
                Socket greedy = server.connect();
                Socket modest = server.connect()) {
            try {
                use.of(greedy, modest);
            } finally {
                go.countDown();
            }
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void aSmallCallWaitsForOneTurnOfAGreedyConnection() throws Exception {
        onOneLoop((greedy, modest) -> {
            modest.getOutputStream().write(OneProgram.call(SMALL, 0));
            await(smallDone);
            order.clear();
            // While the loop is held up, the greedy client sends all it can, and the modest one a single call.
            greedy.getOutputStream().write(OneProgram.call(BLOCK, 0));
            await(blocked);
            Thread sender = new Thread(() -> sendLarge(greedy, 100));
            sender.start();
            Thread.sleep(200);
            modest.getOutputStream().write(OneProgram.call(SMALL, 0));
            Thread.sleep(200);
            go.countDown();
            sender.join(20_000);
            waitFor(102);
        });
        int most = 2 * (Connection.BYTES_PER_TURN / LARGE_BYTES + 1) + 1;
        assertThat(order.indexOf(SMALL)).as("%s", order).isBetween(1, most);
        assertThat(order).filteredOn(procedure -> procedure == LARGE).hasSize(100);
    }

    private void sendLarge(Socket socket, int count) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < count; i++) {
                out.write(OneProgram.call(LARGE, LARGE_BYTES));
            }
        } catch (IOException e) {
            errors.add(e);
        }
    }

    private void waitFor(int calls) throws InterruptedException {
        for (int i = 0; i < 2000 && order.size() < calls; i++) {
            Thread.sleep(10);
        }
    }

    @Test
    void aCallInPartsLetsOthersInBetween() throws Exception {
        onOneLoop((greedy, modest) -> {
            greedy.getOutputStream().write(OneProgram.call(BLOCK, 0));
            await(blocked);
            greedy.getOutputStream().write(OneProgram.call(PARTS, 0));
            modest.getOutputStream().write(OneProgram.call(SMALL, 0));
            Thread.sleep(200);
            go.countDown();
            await(partsDone);
            await(smallDone);
        });
        List<Integer> parts = new ArrayList<>(order);
        assertThat(parts).filteredOn(procedure -> procedure == PARTS).hasSize(21);
        assertThat(parts.indexOf(SMALL)).as("%s", order).isBetween(1, 4);
    }
}
