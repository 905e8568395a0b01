package dev.sluice.gateway.proxy;

import java.util.Arrays;

/** How many calls there were in the last ten seconds, and how many failed. Not thread-safe. */
final class CallWindow {

    private static final int SLOTS = 10;
    private static final long SLOT_NANOS = 1_000_000_000L;

    private final int[] calls = new int[SLOTS];
    private final int[] failures = new int[SLOTS];
    private long newestSlot;

    CallWindow(long nowNanos) {
        newestSlot = slotOf(nowNanos);
    }

    void count(boolean failed, long nowNanos) {
        moveTo(slotOf(nowNanos));
        int slot = Math.floorMod(newestSlot, SLOTS);
        calls[slot]++;
        failures[slot] += failed ? 1 : 0;
    }

    int calls() {
        return Arrays.stream(calls).sum();
    }

    int failures() {
        return Arrays.stream(failures).sum();
    }

    void clear() {
        Arrays.fill(calls, 0);
        Arrays.fill(failures, 0);
    }

    private void moveTo(long slot) {
        long steps = Math.min(slot - newestSlot, SLOTS);
        for (long step = 1; step <= steps; step++) {
            int freed = Math.floorMod(newestSlot + step, SLOTS);
            calls[freed] = 0;
            failures[freed] = 0;
        }
        newestSlot = Math.max(newestSlot, slot);
    }

    private static long slotOf(long nanos) {
        return Math.floorDiv(nanos, SLOT_NANOS);
    }
}
