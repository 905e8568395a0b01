package dev.sluice.webhook.delivery;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * Whose turn it is. Every endpoint has a lane with a bounded queue and a bounded number of jobs in flight; lanes that
 * can go take turns, so that a busy endpoint takes no more of the whole than an idle one leaves. An endpoint that hangs
 * fills its own lane and nothing else. A lane exists only while it holds something. Not thread-safe.
 */
final class LaneSchedule<J> {

    private final LaneLimits limits;
    private final Predicate<String> mayStart;
    private final Map<String, Lane<J>> lanes = new HashMap<>();
    /** Lanes with a waiting job and a free slot, each at most once. */
    private final Queue<Lane<J>> ready = new ArrayDeque<>();

    private int inFlight;
    private int waiting;

    /** @param mayStart asked for each job, by its lane, before it is given out; what it says yes to is given out */
    LaneSchedule(LaneLimits limits, Predicate<String> mayStart) {
        this.limits = limits;
        this.mayStart = mayStart;
    }

    /** Adds a job at the end of its lane; false when the lane is full. */
    boolean offer(String endpointId, J job) {
        Lane<J> lane = lanes.computeIfAbsent(endpointId, Lane::new);
        if (lane.jobs.size() >= limits.waitingPerLane()) {
            return false;
        }
        lane.jobs.add(job);
        waiting++;
        makeReady(lane);
        return true;
    }

    /** Takes back all that waits in a lane, in its order. */
    List<J> withdraw(String endpointId) {
        Lane<J> lane = lanes.get(endpointId);
        if (lane == null) {
            return List.of();
        }
        List<J> withdrawn = List.copyOf(lane.jobs);
        lane.jobs.clear();
        waiting -= withdrawn.size();
        if (lane.inFlight == 0) {
            lanes.remove(endpointId);
        }
        return withdrawn;
    }

    /** The job to start now, if any may be. */
    Optional<J> next() {
        while (inFlight < limits.inFlight() && !ready.isEmpty()) {
            Lane<J> lane = ready.remove();
            lane.ready = false;
            // What waited in it may have been taken back.
            if (!lane.jobs.isEmpty() && mayStart.test(lane.endpointId)) {
                lane.inFlight++;
                inFlight++;
                waiting--;
                J job = lane.jobs.remove();
                makeReady(lane);
                return Optional.of(job);
            }
            // Until it is woken; others have their turns meanwhile.
        }
        return Optional.empty();
    }

    /** Asks again whether this lane may start a job. */
    void woken(String endpointId) {
        Lane<J> lane = lanes.get(endpointId);
        if (lane != null) {
            makeReady(lane);
        }
    }

    /** A job of this lane that {@link #next} gave out has ended. */
    void finished(String endpointId) {
        Lane<J> lane = lanes.get(endpointId);
        if (lane == null || lane.inFlight == 0) {
            throw new IllegalStateException("nothing is in flight for " + endpointId);
        }
        lane.inFlight--;
        inFlight--;
        makeReady(lane);
        if (lane.inFlight == 0 && lane.jobs.isEmpty()) {
            lanes.remove(endpointId);
        }
    }

    private void makeReady(Lane<J> lane) {
        if (!lane.ready && !lane.jobs.isEmpty() && lane.inFlight < limits.inFlightPerLane()) {
            lane.ready = true;
            ready.add(lane);
        }
    }

    int inFlight() {
        return inFlight;
    }

    int waiting() {
        return waiting;
    }

    /** Lanes that hold something. */
    int lanes() {
        return lanes.size();
    }

    private static final class Lane<J> {
        private final String endpointId;
        private final Queue<J> jobs = new ArrayDeque<>();
        private int inFlight;
        private boolean ready;

        Lane(String endpointId) {
            this.endpointId = endpointId;
        }
    }
}
