package dev.sluice.gateway.proxy;

import dev.sluice.gateway.connection.TargetConnections;
import dev.sluice.gateway.proxy.Balancer.Candidate;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import reactor.netty.http.client.HttpClient;

/** One target of a route as it is now: its connections, its load and whether it is well. Thread-safe. */
final class UpstreamTarget {

    private final int index;
    private final Target target;
    private final TargetConnections connections;
    private final HttpClient sockets;
    private final String base;
    private final String authority;
    private final TargetBreaker breaker;
    private final TargetHealth health;
    private final AtomicInteger outstanding = new AtomicInteger();

    /** @param sockets what asks for WebSockets, whose connections are nobody else's afterwards */
    UpstreamTarget(int index, Route route, TargetConnections connections, HttpClient sockets, LongSupplier nanos) {
        this.index = index;
        this.target = route.targets().get(index);
        this.connections = connections;
        this.sockets = sockets;
        this.authority = target.url().getRawAuthority();
        this.base = target.url().getScheme() + "://" + authority;
        this.breaker = new TargetBreaker(route.breaker(), nanos);
        this.health = new TargetHealth(route.health());
    }

    int index() {
        return index;
    }

    TargetConnections connections() {
        return connections;
    }

    HttpClient sockets() {
        return sockets;
    }

    /** Scheme, host and port, without a slash at the end. */
    String base() {
        return base;
    }

    /** What its Host header says. */
    String authority() {
        return authority;
    }

    TargetBreaker breaker() {
        return breaker;
    }

    TargetHealth health() {
        return health;
    }

    Candidate candidate() {
        return new Candidate(index, target.weight(), outstanding.get());
    }

    void began() {
        outstanding.incrementAndGet();
    }

    void ended() {
        outstanding.decrementAndGet();
    }

    boolean isShutOut() {
        return target.weight() <= 0 || !health.isUp() || breaker.remainingNanos() > 0;
    }

    /** Why it gets no requests, for the caller of a route that has no other target. */
    String state() {
        if (target.weight() <= 0) {
            return "target " + index + " has no weight";
        }
        if (!health.isUp()) {
            return "target " + index + " fails its health checks";
        }
        if (breaker.isOpen()) {
            return "target " + index + " failed too often and is left alone for "
                    + Math.max(1, Duration.ofNanos(breaker.remainingNanos()).toSeconds()) + " s";
        }
        return "target " + index + " was tried";
    }
}
