package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
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
        return ok(keys.of(id));
    }

    /** One address for a receiver of many webhooks of a tenant. */
    @GetMapping(produces = {JWK_SET, MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<byte[]> findAll(ServerWebExchange exchange) {
        String tenant = StrictQuery.of(exchange.getRequest())
                .only("tenant")
                .text("tenant")
                .orElseThrow(
                        () -> ProblemException.ofField(
                                ProblemType.INVALID_PARAMETER,
                                "tenant",
                                "Name the tenant whose keys you want, or send GET /api/v1/webhook-keys/{id} for those of one webhook."));
        return ok(keys.ofTenant(tenant));
    }

    /** With If-None-Match, 304 by the framework when it is the same set. */
    private ResponseEntity<byte[]> ok(PublicKeys.JwkSet set) {
        byte[] body = json.write(set);
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(JWK_SET))
                .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
                .eTag('"' + DigestUtils.md5DigestAsHex(body) + '"')
                .body(body);
    }
}
