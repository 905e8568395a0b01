package dev.sluice.webhook.trial;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Has a test event sent. */
@RestController
class TrialController {

    private final Trials trials;
    private final StrictJson json;

    TrialController(Trials trials, StrictJson json) {
        this.trials = trials;
        this.json = json;
    }

    /** 200 whatever the receiver says: that it was asked is what was wanted. */
    @PostMapping(path = "/api/v1/webhooks/{id}/test", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> send(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return trials.send(Identity.of(exchange).tenant(), id)
                .map(trial -> ResponseEntity.ok()
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(json.write(trial)));
    }
}
