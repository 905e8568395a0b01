package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Balancer.Candidate;
import dev.sluice.gateway.route.Route;
import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import reactor.core.Disposable;

/** The targets that share a route's requests. Thread-safe. */
final class Upstream {

    private final Route route;
    private final List<UpstreamTarget> targets;
    private final RepeatRule repeat;
    private final RandomGenerator random;
    private final RouteMeters meters;
    private final Disposable checks;
    private final Disposable connections;
    private int inside;
    private boolean closed;

    Upstream(
            Route route,
            List<UpstreamTarget> targets,
            RandomGenerator random,
            RouteMeters meters,
            Disposable checks,
            Disposable connections) {
        this.route = route;
        this.targets = List.copyOf(targets);
        this.repeat = new RepeatRule(route.retry());
        this.random = random;
        this.meters = meters;
        this.checks = checks;
        this.connections = connections;
    }

    Route route() {
        return route;
    }

    RepeatRule repeat() {
        return repeat;
    }

    RouteMeters meters() {
        return meters;
    }

    List<UpstreamTarget> targets() {
        return targets;
    }

    /** A target that takes one more request, rather one that was not tried yet; its breaker waits for the outcome. */
    Optional<UpstreamTarget> choose(Set<Integer> tried) {
        if (targets.size() == 1) {
            UpstreamTarget only = targets.getFirst();
            return !only.isShutOut() && only.breaker().tryPass() ? Optional.of(only) : Optional.empty();
        }
        Optional<UpstreamTarget> fresh = chooseAmong(targets.stream()
                .filter(target -> !tried.contains(target.index()))
                .collect(Collectors.toCollection(ArrayList::new)));
        if (fresh.isPresent() || tried.isEmpty()) {
            return fresh;
        }
        return chooseAmong(targets.stream()
                .filter(target -> tried.contains(target.index()))
                .collect(Collectors.toCollection(ArrayList::new)));
    }

    private Optional<UpstreamTarget> chooseAmong(List<UpstreamTarget> left) {
        left.removeIf(UpstreamTarget::isShutOut);
        while (!left.isEmpty()) {
            List<Candidate> candidates =
                    left.stream().map(UpstreamTarget::candidate).toList();
            Optional<Integer> index = Balancer.choose(candidates, random);
            if (index.isEmpty()) {
                return Optional.empty();
            }
            UpstreamTarget chosen = targets.get(index.get());
            if (chosen.breaker().tryPass()) {
                return Optional.of(chosen);
            }
            left.remove(chosen);
        }
        return Optional.empty();
    }

    /**
     * Tells why no target takes the request, and when one may.
     *
     * @param sentBefore whether an earlier attempt may have reached one
     */
    ProblemException noTarget(boolean sentBefore) {
        String states = targets.stream().map(UpstreamTarget::state).collect(Collectors.joining("; "));
        long seconds = targets.stream()
                .mapToLong(target ->
                        Duration.ofNanos(target.breaker().remainingNanos()).toSeconds())
                .min()
                .orElse(0);
        return ProxyFailures.problemOf(route.id(), UpstreamFault.NO_TARGET, sentBefore)
                .withExtension("targets", states)
                .withHeader("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    Duration pauseAfter(int attempt) {
        return repeat.pauseAfter(attempt, random);
    }

    /** Keeps the connections for a request, until it leaves; false when it comes too late. */
    synchronized boolean tryEnter() {
        if (closed) {
            return false;
        }
        inside++;
        return true;
    }

    synchronized void leave() {
        inside--;
        letGo();
    }

    /** Lets nobody in any more; the connections go when the last request has left. */
    synchronized void close() {
        closed = true;
        checks.dispose();
        letGo();
    }

    private void letGo() {
        if (closed && inside == 0) {
            connections.dispose();
        }
    }
}
