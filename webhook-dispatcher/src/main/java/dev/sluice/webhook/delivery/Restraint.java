package dev.sluice.webhook.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much of what has waited for long is begun: what is to spare. What is new is watched for how late it comes to its turn; once that is later
 * than it was while nothing old was begun, half as much is begun as before, and more than before while it is not: soon more, until it is near
 * to what was too much the last time. So the old has all that nobody misses, finds out by itself how much that is, and never less than {@link #LEAST}, so
 * that it comes to an end on a machine that is always busy. As LEDBAT (RFC 6817) does it for what travels in the background. Thread-safe.
 */
final class Restraint implements Lanes.Room {

    /** Begun in a second at least. */
    static final double LEAST = 200;

    private static final double MOST = 1_000_000;
    /** What comes between two looks is judged together. */
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();
    /** Nothing new came for so long: nobody is there to miss anything. */
    private static final long ALONE_NANOS = Duration.ofSeconds(10).toNanos();
    /** What is begun at once when as much may be. */
    private static final long BURST_NANOS = Duration.ofMillis(5).toNanos();

    private static final double MORE = 1.25;
    /** Where nobody is there to be late. */
    private static final double MORE_ALONE = 2;
    /** From near what was too much the last time on. */
    private static final double LITTLE_MORE = 1.03;

    private static final double NEAR = 0.7;
    private static final double LESS = 0.5;
    /** What is later by less is not later. */
    private static final double SLACK_MILLIS = 3;
    /** What is off by more is from before a start or a rebalance, and nothing to get used to. */
    private static final double FAR_MILLIS = 1_000;
    /** Weights of one look, for what is sooner and what is later than it was used to: it soon forgets what it has caused itself. */
    private static final double SOONER = 0.1;

    private static final double LATER = 0.02;

    private final LongSupplier nanos;
    private final Alarm alarm;

    private double perSecond = LEAST;
    private double tooMuch = MOST;
    private double room = 1;
    private long roomAtNanos;
    private boolean alarmed;

    private boolean knows;
    private double usualMillis;
    private double usualSpread;
    private long newAtNanos;

    private long lookedAtNanos;
    private int came;
    private double cameMillis;
    private int begun;
    private boolean wanted;
    private long begunAtNanos;

    /** @param nanos a monotonic clock */
    Restraint(LongSupplier nanos, Alarm alarm) {
        this.nanos = nanos;
        this.alarm = alarm;
        lookedAtNanos = nanos.getAsLong();
        roomAtNanos = lookedAtNanos;
        newAtNanos = lookedAtNanos - ALONE_NANOS;
        begunAtNanos = lookedAtNanos;
    }

    /** Something new has come to its turn, so long after it was made; by two clocks, of which one may be behind. */
    synchronized void came(Duration late) {
        look();
        came++;
        cameMillis += late.toNanos() / 1e6;
        newAtNanos = nanos.getAsLong();
    }

    @Override
    public synchronized boolean isThere(Runnable later) {
        look();
        long now = nanos.getAsLong();
        double most = Math.max(1, perSecond * BURST_NANOS / 1e9);
        room = Math.min(most, room + (now - roomAtNanos) * perSecond / 1e9);
        roomAtNanos = now;
        if (room >= 1) {
            return true;
        }
        wanted = true;
        if (!alarmed) {
            alarmed = true;
            alarm.in(Math.max(BURST_NANOS, (long) ((1 - room) / perSecond * 1e9) + 1), () -> rang(later));
        }
        return false;
    }

    private void rang(Runnable later) {
        synchronized (this) {
            alarmed = false;
        }
        later.run();
    }

    @Override
    public synchronized void take() {
        room--;
        begun++;
        begunAtNanos = nanos.getAsLong();
    }

    /** As much may be begun in a second. */
    synchronized double perSecond() {
        return perSecond;
    }

    private void look() {
        long now = nanos.getAsLong();
        if (now - lookedAtNanos < LOOK_NANOS) {
            return;
        }
        if (came > 0) {
            judge(cameMillis / came);
        } else if (wanted && now - newAtNanos > ALONE_NANOS) {
            tooMuch = MOST;
            perSecond = Math.min(MOST, perSecond * MORE_ALONE);
        }
        if (now - begunAtNanos > ALONE_NANOS) {
            perSecond = LEAST;
            tooMuch = MOST;
        }
        lookedAtNanos = now;
        came = 0;
        cameMillis = 0;
        begun = 0;
        wanted = false;
    }

    private void judge(double millis) {
        boolean late = knows && millis > usualMillis + Math.max(SLACK_MILLIS, 2 * usualSpread);
        learn(millis);
        if (late) {
            tooMuch = perSecond;
            perSecond = Math.max(LEAST, perSecond * LESS);
        } else if (wanted) {
            more();
        }
    }

    /** That it is sooner counts at any time, that it is later only while that is nothing of the old's doing. */
    private void learn(double millis) {
        double off = Math.min(millis - usualMillis, FAR_MILLIS);
        if (!knows || off < -FAR_MILLIS) {
            knows = true;
            usualMillis = millis;
            usualSpread = 0;
            return;
        }
        if (off < 0 || begun == 0 || perSecond <= LEAST) {
            double weight = off < 0 ? SOONER : LATER;
            usualMillis += weight * off;
            usualSpread += weight * (Math.abs(off) - usualSpread);
        }
    }

    private void more() {
        perSecond = Math.min(MOST, perSecond * (perSecond < NEAR * tooMuch ? MORE : LITTLE_MORE));
    }
}
