package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Balancer.Candidate;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.Target;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One target of a route as it is now: its connections, its load and whether it is well. Thread-safe. */
final class UpstreamTarget {

    private final int index;
    private final Target target;
    private final TargetPools pools;
    private final String base;
    private final String authority;
    private final boolean secure;
    private final TargetBreaker breaker;
    private final TargetHealth health;
    private final AtomicInteger outstanding = new AtomicInteger();

    UpstreamTarget(int index, Route route, TargetPools pools, LongSupplier nanos) {
        this.index = index;
        this.target = route.targets().get(index);
        this.pools = pools;
        this.authority = target.url().getRawAuthority();
        this.base = target.url().getScheme() + "://" + authority;
        this.secure = "https".equals(target.url().getScheme());
        this.breaker = new TargetBreaker(route.breaker(), nanos);
        this.health = new TargetHealth(route.health());
    }

    int index() {
        return index;
    }

    /** Connections for one request whose caller's connection is on this loop; to be given back. */
    TargetPools.Pool take(EventLoop loop) {
        return pools.take(loop);
    }

    /** Scheme, host and port, without a slash at the end. */
    String base() {
        return base;
    }

    /** What the client is to be told: the path is enough without TLS, which has to know the name. */
    String uriOf(String path) {
        return secure ? base + path : path;
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
