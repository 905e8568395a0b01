package dev.sluice.gateway.access;

import dev.sluice.gateway.access.AccessPublisher.Dimension;
import dev.sluice.gateway.access.AccessPublisher.Request;
import dev.sluice.gateway.access.TrailHandler.TrailEnd;
import dev.sluice.gateway.route.RouteHit;
import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.RequestContext;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** Makes the record of a request from its trail. Thread-safe. */
final class AccessRecorder implements TrailEnd {

    /** Owns the requests of which nobody knows whose they are; no id of a tenant begins so. */
    static final String ANONYMOUS = "@anonymous";

    private final RouteNames routes;
    private final InstantSource clock;
    private final ServerTiming timing;
    private final SlowMarks slow;
    private final BiConsumer<Dimension, Request> records;

    /** @param records takes what was made; must not block */
    AccessRecorder(
            RouteNames routes,
            InstantSource clock,
            ServerTiming timing,
            SlowMarks slow,
            BiConsumer<Dimension, Request> records) {
        this.routes = routes;
        this.clock = clock;
        this.timing = timing;
        this.slow = slow;
        this.records = records;
    }

    @Override
    public void answering(RequestTrail trail, HttpHeaders headers) {
        timing.tell(trail, headers);
    }

    @Override
    public void ended(RequestTrail trail) {
        long now = System.nanoTime();
        ServerWebExchange exchange = trail.takeExchange();
        Identity caller = exchange != null && Identity.isKnown(exchange) ? Identity.of(exchange) : null;
        String route = exchange == null ? RouteNames.NONE : routes.of(exchange);
        Dimension dimension = new Dimension(caller == null ? ANONYMOUS : caller.tenant(), route);
        slow.judge(
                trail,
                now,
                route,
                exchange == null ? "" : RequestContext.of(exchange).requestId());
        records.accept(dimension, requestOf(trail, caller, groupOf(exchange), now));
    }

    private static long microsOf(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    /** Also of a request that was refused before its limits were asked. */
    private static String groupOf(@Nullable ServerWebExchange exchange) {
        return exchange == null ? RouteGroups.OTHER : RouteHit.groupOf(exchange);
    }

    private Request requestOf(RequestTrail trail, @Nullable Identity caller, String group, long now) {
        return new Request(
                microsOf(clock.instant()),
                trail.method(),
                trail.status,
                trail.nanosUntil(now),
                trail.upstreamNanosUntil(now),
                trail.requestBytes,
                trail.responseBytes,
                caller == null || caller.keyId().isEmpty() ? null : caller.keyId(),
                caller == null ? null : caller.tier(),
                trail.verdict(),
                group,
                trail.cost(),
                trail.isAnsweredFromStore(),
                trail.isLookedIntoStore());
    }
}
