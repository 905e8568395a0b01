package dev.sluice.gateway.tier;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** {@code GET /api/v1/tiers} and one of them: open to every key, so that a tenant can see what it could have. */
@RestController
@RequestMapping(path = "/api/v1/tiers", produces = MediaType.APPLICATION_JSON_VALUE)
final class TierController {

    private final TierTable tiers;
    private final StrictJson json;

    TierController(TierTable tiers, StrictJson json) {
        this.tiers = tiers;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<byte[]> all(ServerWebExchange exchange) {
        check(exchange);
        return answer(TierViews.page(tiers.all()));
    }

    @GetMapping("/{name}")
    ResponseEntity<byte[]> one(@PathVariable String name, ServerWebExchange exchange) {
        check(exchange);
        return tiers.find(name)
                .map(tier -> answer(TierViews.view(tier)))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There is no such tier; see /api/v1/tiers for those that exist."));
    }

    private static void check(ServerWebExchange exchange) {
        Identity ignored = Identity.of(exchange);
        StrictQuery.of(exchange.getRequest()).only();
    }

    private ResponseEntity<byte[]> answer(Object document) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(document));
    }
}
