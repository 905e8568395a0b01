package dev.sluice.gateway.proxy;

import dev.sluice.gateway.connection.ClientTransport;
import dev.sluice.gateway.connection.ConnectionTerms;
import dev.sluice.gateway.connection.TargetConnections;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RoutesListener;
import dev.sluice.platform.web.ServiceNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.URI;
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
import reactor.netty.transport.AddressUtils;

/** The upstreams of all routes, kept in step with them. A route that did not change keeps its connections. Thread-safe. */
final class Upstreams implements RoutesListener {

    /** The routes that are not told apart in the metrics. */
    private static final String OTHER = "(other)";

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final ProxyProperties properties;
    private final ClientTransport transport = ClientTransport.create();
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

    /** The upstream of a route, which stays open until it is left; empty when there is no such route any more. */
    Optional<Upstream> enter(String routeId) {
        Upstream upstream = byRoute.get(routeId);
        // One that was closed meanwhile has been replaced or removed before that.
        while (upstream != null && !upstream.tryEnter()) {
            upstream = byRoute.get(routeId);
        }
        return Optional.ofNullable(upstream);
    }

    @Override
    public synchronized void onChange(Map<String, Route> before, Map<String, Route> after) {
        byRoute.forEach((id, upstream) -> {
            if (!after.containsKey(id)) {
                byRoute.remove(id);
                upstream.close();
                if (upstream.meters() != unmetered) {
                    upstream.meters().remove();
                }
            }
        });
        after.forEach(this::replace);
    }

    private void replace(String id, Route route) {
        Upstream old = byRoute.get(id);
        if (old == null) {
            byRoute.put(id, open(route, metersOf(route)));
        } else if (!old.route().equals(route)) {
            // The new one first: requests find one of the two at any time.
            byRoute.put(id, open(route, old.meters()));
            old.close();
        }
    }

    synchronized void close() {
        byRoute.values().forEach(Upstream::close);
        byRoute.clear();
        transport.close();
    }

    private Upstream open(Route route, RouteMeters own) {
        List<UpstreamTarget> targets = new ArrayList<>();
        Disposable.Composite connections = Disposables.composite();
        Disposable.Composite checks = Disposables.composite();
        for (int index = 0; index < route.targets().size(); index++) {
            TargetConnections plain = new TargetConnections(terms(route, index), transport);
            ConnectionProvider sockets = sockets(route, index);
            UpstreamTarget target = new UpstreamTarget(index, route, plain, client(route, sockets), System::nanoTime);
            targets.add(target);
            connections.add(plain);
            connections.add(sockets);
            checks.add(healthChecks.watch(route.id(), target, route.health()));
        }
        return new Upstream(route, targets, random, own, checks, connections);
    }

    private RouteMeters metersOf(Route route) {
        long metered = byRoute.values().stream()
                .filter(upstream -> upstream.meters() != unmetered)
                .count();
        return metered < properties.maxMeteredRoutes() ? new RouteMeters(meters, route.id()) : unmetered;
    }

    private ConnectionTerms terms(Route route, int index) {
        URI url = route.targets().get(index).url();
        return new ConnectionTerms(
                addressOf(url),
                "https".equals(url.getScheme()),
                route.maxConnections(),
                properties.maxWaiting(),
                properties.maxWaitingTime(),
                properties.maxIdleTime(),
                route.timeouts().connect(),
                Math.toIntExact(properties.maxAnswerHeaders().toBytes()));
    }

    /** For WebSockets, of which there may be as many beside all other requests. */
    private ConnectionProvider sockets(Route route, int index) {
        return ConnectionProvider.builder("proxy." + route.id() + "." + index)
                .maxConnections(route.maxConnections())
                .pendingAcquireMaxCount(properties.maxWaiting())
                .pendingAcquireTimeout(properties.maxWaitingTime())
                .maxIdleTime(properties.maxIdleTime())
                .build();
    }

    private HttpClient client(Route route, ConnectionProvider connections) {
        return HttpClient.create(connections)
                .resolver(ServiceNames::lookUp)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(route.timeouts().connect().toMillis()))
                .httpResponseDecoder(decoder -> decoder.maxHeaderSize(
                        Math.toIntExact(properties.maxAnswerHeaders().toBytes())))
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                        .addBefore(NettyPipeline.ReactiveBridge, "sluice.interim", new InterimAnswers()))
                // What may be sent again is decided in RepeatRule.
                .disableRetry(true)
                .followRedirect(false)
                .compress(false);
    }

    /** It is resolved for each new connection. */
    private static InetSocketAddress addressOf(URI target) {
        int usual = "https".equals(target.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        int port = target.getPort() < 0 ? usual : target.getPort();
        String host = target.getHost();
        // An IPv6 address stands in brackets there.
        return AddressUtils.createUnresolved(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }
}
