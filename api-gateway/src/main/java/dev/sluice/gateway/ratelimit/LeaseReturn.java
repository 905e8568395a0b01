package dev.sluice.gateway.ratelimit;

import org.springframework.context.SmartLifecycle;

/** Gives all leases back at shutdown: after the last request, while Redis can still be spoken to. */
final class LeaseReturn implements SmartLifecycle {

    /** The connections of Redis stop in phase 0, the web server in a much higher one; the higher stops first. */
    private static final int PHASE = 1;

    private final LeaseDesk desk;
    private final ReturnWatch watch;
    private volatile boolean running;

    LeaseReturn(LeaseDesk desk, ReturnWatch watch) {
        this.desk = desk;
        this.watch = watch;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        desk.close();
        watch.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
