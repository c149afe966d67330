package dev.nbroot.nfs.rpc;

/** What a connection's calls leave behind between their turns: those that are answered later, and one in parts. */
final class CallsUnderWay implements Endpoint {
    /** How many calls of one connection may wait for a disk. */
    private static final int MOST_DEFERRED = 64;

    /** Takes the end of a deferred call, on the loop's thread. */
    @FunctionalInterface
    interface Finish {
        void finish(int xid, Deferral.Body body);
    }

    private final EventLoop loop;
    private final Finish finish;
    private final Runnable wake;
    private int deferred;
    private Object progress;

    /**
     * Makes it for a connection without calls.
     *
     * @param wake goes on with the call that was parked, on the loop's thread
     */
    CallsUnderWay(EventLoop loop, Finish finish, Runnable wake) {
        this.wake = wake;
        this.loop = loop;
        this.finish = finish;
    }

    /** {@return whether so many are deferred that no other call is to be begun} */
    boolean isFull() {
        return deferred >= MOST_DEFERRED;
    }

    /** One that was deferred is over. {@return whether that makes room for another} */
    boolean oneIsOver() {
        return deferred-- >= MOST_DEFERRED;
    }

    /** The call that had parts is over. */
    void forgetProgress() {
        progress = null;
    }

    @Override
    public boolean canDefer() {
        return true;
    }

    @Override
    public Deferral defer(int xid) {
        deferred++;
        return body -> loop.execute(() -> finish.finish(xid, body));
    }

    @Override
    public boolean canPark() {
        return true;
    }

    @Override
    public Runnable park() {
        return () -> loop.execute(wake);
    }

    @Override
    public Object progress() {
        return progress;
    }

    @Override
    public void progress(Object what) {
        progress = what;
    }
}
