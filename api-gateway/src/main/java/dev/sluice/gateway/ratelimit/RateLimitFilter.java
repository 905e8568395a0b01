package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.access.RequestTrail;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RouteHit;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ManagementPort;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets a request pass when the limits of its tenant or address admit it, and tells the caller where it stands. */
final class RateLimitFilter implements WebFilter, Ordered {

    private final LimitCatalogue catalogue;
    private final RateLimiter limiter;
    private final QuotaWatch quotas;
    private final AnonymousCallers anonymous;

    RateLimitFilter(LimitCatalogue catalogue, RateLimiter limiter, QuotaWatch quotas, AnonymousCallers anonymous) {
        this.catalogue = catalogue;
        this.limiter = limiter;
        this.quotas = quotas;
        this.anonymous = anonymous;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        RequestTrail.of(exchange).admitted();
        if (Identity.isKnown(exchange)) {
            return limit(exchange, chain, Identity.of(exchange));
        }
        return ManagementPort.serves(exchange) ? chain.filter(exchange) : limitByAddress(exchange, chain);
    }

    /** Who sends no key where none is needed is held to the limits of its address. */
    private Mono<Void> limitByAddress(ServerWebExchange exchange, WebFilterChain chain) {
        return anonymous
                .of(exchange.getRequest())
                .map(caller -> limit(exchange, chain, caller))
                .orElseGet(() -> chain.filter(exchange));
    }

    private Mono<Void> limit(ServerWebExchange exchange, WebFilterChain chain, Identity identity) {
        TierLimits tier = catalogue.of(identity);
        ServerHttpRequest request = exchange.getRequest();
        Optional<Route> route = RouteHit.of(exchange).map(RouteHit::route);
        String group = RouteHit.groupOf(exchange);
        boolean looks = asksForLimits(request);
        long cost = looks ? 0 : tier.costOf(group, route.map(Route::cost).orElse(1));
        List<Limit> limits = tier.of(group);
        if (limits.isEmpty()) {
            if (route.isEmpty()) {
                LimitDecision unlimited = new LimitDecision(Verdict.ADMITTED, List.of(), List.of());
                new RequestCharge(limiter, quotas, identity, tier, group, unlimited).keepFor(exchange);
            }
            RequestTrail.of(exchange).charged(cost);
            return chain.filter(exchange);
        }
        Mono<LimitDecision> decision =
                looks ? limiter.peek(identity.tenant(), limits) : limiter.decide(identity.tenant(), limits, cost);
        return decision.flatMap(made -> {
            if (!AnonymousCallers.isAnonymous(identity)) {
                quotas.see(identity, limits, made);
            }
            RequestTrail.of(exchange).limited(made.verdict().recorded());
            RequestTrail.of(exchange).charged(made.verdict().admits() ? cost : 0);
            RateLimitHeaders.write(made, exchange.getResponse().getHeaders());
            if (route.isEmpty()) {
                new RequestCharge(limiter, quotas, identity, tier, group, made).keepFor(exchange);
            }
            return made.verdict().admits() ? chain.filter(exchange) : Mono.error(LimitRefusal.of(made, tier));
        });
    }

    /** To ask how much is left costs nothing. */
    private static boolean asksForLimits(ServerHttpRequest request) {
        return HttpMethod.GET.equals(request.getMethod())
                && request.getPath().pathWithinApplication().value().equals(LimitController.PATH);
    }

    @Override
    public int getOrder() {
        return FilterOrder.LIMIT;
    }
}
