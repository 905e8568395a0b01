package dev.sluice.gateway.ratelimit;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.util.List;
import java.util.Locale;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code GET /api/v1/limits}: what the caller's tenant may use, has used and has left. */
@RestController
final class LimitController {

    static final String PATH = "/api/v1/limits";

    private final LimitCatalogue catalogue;
    private final RateLimiter limiter;
    private final StrictJson json;

    LimitController(LimitCatalogue catalogue, RateLimiter limiter, StrictJson json) {
        this.catalogue = catalogue;
        this.limiter = limiter;
        this.json = json;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> limits(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Identity identity = Identity.of(exchange);
        TierLimits tier = catalogue.of(identity.tier());
        return limiter.peek(identity.tenant(), tier.all())
                .map(decision -> ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noStore())
                        .body(json.write(view(identity, tier, decision))));
    }

    private static LimitsView view(Identity identity, TierLimits tier, LimitDecision decision) {
        return new LimitsView(
                identity.tenant(),
                tier.name(),
                decision.uses().stream().map(LimitController::view).toList());
    }

    private static LimitView view(LimitUse use) {
        Limit limit = use.limit();
        return new LimitView(
                limit.name(),
                limit.group(),
                limit.window().toLowerCase(Locale.ROOT),
                limit.mode().name().toLowerCase(Locale.ROOT),
                limit.quota(),
                limit.burst(),
                use.used(),
                use.remaining(),
                RateLimitHeaders.seconds(use.microsUntilMore()));
    }

    private record LimitsView(String tenant, String tier, List<LimitView> limits) {}

    /**
     * @param resetSeconds seconds until more than now may be used; 0 when nothing is used
     */
    private record LimitView(
            String name,
            String group,
            String window,
            String mode,
            long quota,
            long burst,
            long used,
            long remaining,
            long resetSeconds) {}
}
