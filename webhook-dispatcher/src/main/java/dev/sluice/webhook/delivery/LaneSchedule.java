package dev.sluice.webhook.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * Whose turn it is. Every endpoint has a lane with a bounded queue and a bounded number of jobs in flight. Tenants that can go take turns,
 * and so do the lanes of a tenant: however many lanes and jobs one has, another waits for one start of each tenant. The last quarter of
 * the whole is for tenants that have less than a quarter, so that one whose receivers all hang leaves room. A lane exists only while it
 * holds something. Not thread-safe.
 */
final class LaneSchedule<J> {

    private final LaneLimits limits;
    private final Predicate<String> mayStart;
    private final Map<String, Lane<J>> lanes = new HashMap<>();
    private final Map<String, Tenant<J>> tenants = new HashMap<>();
    /** Tenants with a lane that is ready, each at most once. */
    private final Queue<Tenant<J>> turns = new ArrayDeque<>();
    /** Tenants with a lane that is ready and no room for it; when a job ends there may be. */
    private final List<Tenant<J>> crowded = new ArrayList<>();

    private int inFlight;
    private int waiting;

    /** @param mayStart asked for each job, by its lane, before it is given out; what it says yes to is given out */
    LaneSchedule(LaneLimits limits, Predicate<String> mayStart) {
        this.limits = limits;
        this.mayStart = mayStart;
    }

    /** Adds a job at the end of its lane; false when the lane is full. */
    boolean offer(String tenant, String endpointId, J job) {
        Lane<J> lane = lanes.computeIfAbsent(endpointId, id -> open(tenant, id));
        if (lane.jobs.size() >= limits.waitingPerLane()) {
            return false;
        }
        add(lane, job);
        return true;
    }

    /** Adds a job at the end of its lane, however many wait there. */
    void add(String tenant, String endpointId, J job) {
        add(lanes.computeIfAbsent(endpointId, id -> open(tenant, id)), job);
    }

    private void add(Lane<J> lane, J job) {
        lane.jobs.add(job);
        waiting++;
        makeReady(lane);
    }

    private Lane<J> open(String tenant, String endpointId) {
        Tenant<J> owner = tenants.computeIfAbsent(tenant, Tenant::new);
        owner.lanes++;
        return new Lane<>(endpointId, owner);
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
        closeIfEmpty(lane);
        return withdrawn;
    }

    /** Whether something waits in a lane. */
    boolean isWaiting(String endpointId) {
        Lane<J> lane = lanes.get(endpointId);
        return lane != null && !lane.jobs.isEmpty();
    }

    /** The job to start now, if any may be. */
    Optional<J> next() {
        while (inFlight < limits.inFlight() && !turns.isEmpty()) {
            Tenant<J> tenant = turns.remove();
            if (!hasRoom(tenant)) {
                crowded.add(tenant);
                continue;
            }
            tenant.queued = false;
            Lane<J> lane = tenant.ready.remove();
            lane.ready = false;
            // What waited in it may have been taken back. When it may not start, others have their turns until it is
            // woken.
            boolean starts = !lane.jobs.isEmpty() && mayStart.test(lane.endpointId);
            Optional<J> job = starts ? Optional.of(start(lane)) : Optional.empty();
            takeTurn(tenant);
            if (job.isPresent()) {
                return job;
            }
        }
        return Optional.empty();
    }

    private J start(Lane<J> lane) {
        lane.inFlight++;
        lane.tenant.inFlight++;
        inFlight++;
        waiting--;
        J job = lane.jobs.remove();
        makeReady(lane);
        return job;
    }

    private boolean hasRoom(Tenant<J> tenant) {
        return tenant.inFlight < limits.quarter() || inFlight < limits.inFlight() - limits.quarter();
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
        lane.tenant.inFlight--;
        inFlight--;
        turns.addAll(crowded);
        crowded.clear();
        makeReady(lane);
        closeIfEmpty(lane);
    }

    private void closeIfEmpty(Lane<J> lane) {
        if (lane.inFlight > 0 || !lane.jobs.isEmpty()) {
            return;
        }
        lanes.remove(lane.endpointId);
        lane.tenant.lanes--;
        if (lane.tenant.lanes == 0) {
            tenants.remove(lane.tenant.id);
        }
    }

    private void makeReady(Lane<J> lane) {
        if (!lane.ready && !lane.jobs.isEmpty() && lane.inFlight < limits.inFlightPerLane()) {
            lane.ready = true;
            lane.tenant.ready.add(lane);
            takeTurn(lane.tenant);
        }
    }

    private void takeTurn(Tenant<J> tenant) {
        if (!tenant.queued && !tenant.ready.isEmpty()) {
            tenant.queued = true;
            turns.add(tenant);
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

    /** Tenants that have lanes. */
    int tenants() {
        return tenants.size();
    }

    private static final class Tenant<J> {
        private final String id;
        private final Queue<Lane<J>> ready = new ArrayDeque<>();
        private int lanes;
        private int inFlight;
        private boolean queued;

        Tenant(String id) {
            this.id = id;
        }
    }

    private static final class Lane<J> {
        private final String endpointId;
        private final Tenant<J> tenant;
        private final Queue<J> jobs = new ArrayDeque<>();
        private int inFlight;
        private boolean ready;

        Lane(String endpointId, Tenant<J> tenant) {
            this.endpointId = endpointId;
            this.tenant = tenant;
        }
    }
}
