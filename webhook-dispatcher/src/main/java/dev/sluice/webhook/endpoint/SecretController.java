package dev.sluice.webhook.endpoint;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The secrets of webhooks. To look at one needs a scope of its own, which the gateway checks. */
@RestController
@RequestMapping(path = "/api/v1/webhooks/{id}/secret", produces = MediaType.APPLICATION_JSON_VALUE)
class SecretController {

    private final EndpointSecrets secrets;
    private final AuditPublisher audit;
    private final StrictJson json;

    SecretController(EndpointSecrets secrets, AuditPublisher audit, StrictJson json) {
        this.secrets = secrets;
        this.audit = audit;
        this.json = json;
    }

    @GetMapping
    Mono<ResponseEntity<byte[]>> reveal(@PathVariable String id, ServerWebExchange exchange) {
        SecretView view = secrets.reveal(tenant(exchange), id);
        return audit.recorded(exchange, "webhook.secret.reveal", EndpointController.resource(id), view)
                .map(this::answer);
    }

    @PostMapping("/rotate")
    Mono<ResponseEntity<byte[]>> rotate(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        String tenant = tenant(exchange);
        HttpHeaders headers = exchange.getRequest().getHeaders();
        RotateSecret.Rotation rotation = read(body, headers).checked();
        return secrets.rotate(tenant, id, headers, rotation)
                .flatMap(view ->
                        audit.recorded(exchange, "webhook.secret.rotate", EndpointController.resource(id), view))
                .map(this::answer);
    }

    /** To rotate with a new secret and the usual overlap nothing need be sent. */
    private RotateSecret read(byte @Nullable [] body, HttpHeaders headers) {
        if (body == null || body.length == 0) {
            return new RotateSecret(null, null, null);
        }
        MediaType type = headers.getContentType();
        if (type == null || !MediaType.APPLICATION_JSON.isCompatibleWith(type)) {
            throw new ProblemException(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json, or send none.")
                    .withField(HttpHeaders.CONTENT_TYPE);
        }
        return json.read(body, RotateSecret.class);
    }

    private static String tenant(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Identity.of(exchange).tenant();
    }

    private ResponseEntity<byte[]> answer(SecretView view) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.write(view));
    }
}
