package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RoutesListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The upstreams of all routes, kept in step with them. A route that did not change keeps its connections. Thread-safe. */
final class Upstreams implements RoutesListener {

    /** The routes that are not told apart in the metrics. */
    private static final String OTHER = "(other)";

    private final ProxyProperties properties;
    private final HealthChecks healthChecks;
    private final RandomGenerator random;
    private final MeterRegistry meters;
    private final RouteMeters unmetered;
    private final Map<String, Upstream> byRoute = new ConcurrentHashMap<>();

    Upstreams(ProxyProperties properties, HealthChecks healthChecks, RandomGenerator random, MeterRegistry meters) {
        this.properties = properties;
        this.healthChecks = healthChecks;
        this.random = random;
        this.meters = meters;
        this.unmetered = new RouteMeters(meters, OTHER);
    }

    Optional<Upstream> find(String routeId) {
        return Optional.ofNullable(byRoute.get(routeId));
    }

    @Override
    public synchronized void onChange(Map<String, Route> before, Map<String, Route> after) {
        List<Upstream> closed = new ArrayList<>();
        byRoute.values().removeIf(upstream -> {
            boolean goes = !upstream.route().equals(after.get(upstream.route().id()));
            if (goes) {
                closed.add(upstream);
            }
            return goes;
        });
        // Before the new ones: they may have meters of the same names.
        closed.forEach(Upstream::close);
        after.forEach((id, route) -> {
            if (!byRoute.containsKey(id)) {
                byRoute.put(id, open(route));
            }
        });
    }

    synchronized void close() {
        byRoute.values().forEach(Upstream::close);
        byRoute.clear();
    }

    private Upstream open(Route route) {
        RouteMeters own = metersOf(route);
        List<UpstreamTarget> targets = new ArrayList<>();
        Disposable.Composite resources = Disposables.composite();
        for (int index = 0; index < route.targets().size(); index++) {
            ConnectionProvider connections = connections(route, index);
            UpstreamTarget target = new UpstreamTarget(index, route, client(route, connections), System::nanoTime);
            targets.add(target);
            resources.add(connections);
            resources.add(healthChecks.watch(route.id(), target, route.health()));
        }
        if (own != unmetered) {
            resources.add(own::remove);
        }
        return new Upstream(route, targets, random, own, resources);
    }

    private RouteMeters metersOf(Route route) {
        long metered = byRoute.values().stream()
                .filter(upstream -> upstream.meters() != unmetered)
                .count();
        return metered < properties.maxMeteredRoutes() ? new RouteMeters(meters, route.id()) : unmetered;
    }

    private ConnectionProvider connections(Route route, int index) {
        return ConnectionProvider.builder("proxy." + route.id() + "." + index)
                .maxConnections(route.maxConnections())
                .pendingAcquireMaxCount(properties.maxWaiting())
                .pendingAcquireTimeout(properties.maxWaitingTime())
                .maxIdleTime(properties.maxIdleTime())
                // The connection used last is the one least likely to have been closed by the other side.
                .lifo()
                .build();
    }

    private HttpClient client(Route route, ConnectionProvider connections) {
        return HttpClient.create(connections)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(route.timeouts().connect().toMillis()))
                .httpResponseDecoder(decoder -> decoder.maxHeaderSize(
                        Math.toIntExact(properties.maxAnswerHeaders().toBytes())))
                .doOnChannelInit((observer, channel, address) -> channel.pipeline()
                        .addBefore(NettyPipeline.ReactiveBridge, "sluice.interim", new InterimAnswers()))
                // What may be sent again is decided in RepeatRule.
                .disableRetry(true)
                .followRedirect(false)
                .compress(false);
    }
}
