package dev.sluice.gateway.ratelimit;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What the caller's tenant may use, has used and has left; and whether something of such a cost is admitted. */
@RestController
final class LimitController {

    static final String PATH = "/api/v1/limits";

    private final LimitCatalogue catalogue;
    private final RateLimiter limiter;
    private final LimitChecks checks;
    private final StrictJson json;

    LimitController(LimitCatalogue catalogue, RateLimiter limiter, LimitChecks checks, StrictJson json) {
        this.catalogue = catalogue;
        this.limiter = limiter;
        this.checks = checks;
        this.json = json;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> limits(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Identity identity = Identity.of(exchange);
        TierLimits tier = catalogue.of(identity);
        return limiter.peek(identity.tenant(), tier.all())
                .map(decision -> ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noStore())
                        .body(json.write(view(identity, tier, decision))));
    }

    /** Asks for others and charges them: what a service outside the proxy does for its own requests. */
    @PostMapping(
            path = PATH + "/check",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> check(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Identity identity = Identity.of(exchange);
        LimitQuestions questions = json.read(body == null ? new byte[0] : body, LimitQuestions.class);
        return checks.answer(identity, questions)
                .map(answers -> ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noStore())
                        .body(json.write(new AnswersView(answers))));
    }

    private static LimitsView view(Identity identity, TierLimits tier, LimitDecision decision) {
        return new LimitsView(identity.tenant(), tier.name(), LimitView.of(decision));
    }

    private record LimitsView(String tenant, String tier, List<LimitView> limits) {}

    private record AnswersView(List<LimitAnswer> items) {}
}
