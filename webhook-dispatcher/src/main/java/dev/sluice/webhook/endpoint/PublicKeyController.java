package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** The keys that receivers verify v1a with. The gateway lets anybody ask: receivers have no key of the platform. */
@RestController
@RequestMapping("/api/v1/webhook-keys")
class PublicKeyController {

    /** RFC 7517, section 8.5.2. */
    private static final String JWK_SET = "application/jwk-set+json";

    /** Short, since a key that leaked must not be believed for longer. */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final PublicKeys keys;
    private final StrictJson json;

    PublicKeyController(PublicKeys keys, StrictJson json) {
        this.keys = keys;
        this.json = json;
    }

    @GetMapping(
            path = "/{id}",
            produces = {JWK_SET, MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(JWK_SET))
                .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
                .body(json.write(keys.of(id)));
    }
}
