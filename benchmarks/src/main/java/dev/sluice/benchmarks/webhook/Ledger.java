package dev.sluice.benchmarks.webhook;

import java.util.concurrent.atomic.AtomicLongArray;

/** When each event was sent and when it was accepted, by its number, from 0. Thread-safe. */
final class Ledger {

    private final AtomicLongArray sent;
    private final AtomicLongArray accepted;

    Ledger(int events) {
        sent = new AtomicLongArray(events);
        accepted = new AtomicLongArray(events);
    }

    int size() {
        return accepted.length();
    }

    /** @param at of the clock of this process */
    void send(int event, long at) {
        sent.compareAndSet(event, 0, at);
    }

    long sentAt(int event) {
        return sent.get(event);
    }

    void accept(int event) {
        accepted.compareAndSet(event, 0, System.nanoTime());
    }

    boolean isAccepted(int event) {
        return accepted.get(event) != 0;
    }

    /** Nanoseconds of the clock of this process; zero for one that was not accepted. */
    long acceptedAt(int event) {
        return accepted.get(event);
    }
}
