package dev.sluice.cache.engine;

import java.util.Arrays;

/** What was found in the last hour, minute by minute. Thread-safe; has no clock. */
final class AuditWindow {

    private static final int MINUTES = 60;
    private static final long MINUTE = 60_000;

    private final long[] minutes = new long[MINUTES];
    private final Consistency[] found = new Consistency[MINUTES];

    AuditWindow() {
        Arrays.fill(found, Consistency.UNKNOWN);
    }

    synchronized void add(long nowMillis, boolean wrong) {
        long minute = Math.floorDiv(nowMillis, MINUTE);
        int slot = Math.floorMod(minute, MINUTES);
        Consistency before = minutes[slot] == minute ? found[slot] : Consistency.UNKNOWN;
        minutes[slot] = minute;
        found[slot] = before.plus(new Consistency(1, wrong ? 1 : 0));
    }

    synchronized Consistency lastHour(long nowMillis) {
        long minute = Math.floorDiv(nowMillis, MINUTE);
        Consistency sum = Consistency.UNKNOWN;
        for (int slot = 0; slot < MINUTES; slot++) {
            if (minutes[slot] > minute - MINUTES && minutes[slot] <= minute) {
                sum = sum.plus(found[slot]);
            }
        }
        return sum;
    }
}
