package dev.sluice.webhook.endpoint;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookEndpoint;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The webhook API. Scopes were checked by the gateway; whose endpoint it is, is checked here. */
@RestController
@RequestMapping(path = "/api/v1/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
class EndpointController {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Endpoints endpoints;
    private final EndpointChanges changes;
    private final PublicKeys keys;
    private final AuditPublisher audit;
    private final UrlRules rules;
    private final StrictJson json;

    EndpointController(
            Endpoints endpoints,
            EndpointChanges changes,
            PublicKeys keys,
            AuditPublisher audit,
            UrlRules rules,
            StrictJson json) {
        this.endpoints = endpoints;
        this.changes = changes;
        this.keys = keys;
        this.audit = audit;
        this.rules = rules;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        Identity identity = identity(exchange);
        EndpointDraft draft = EndpointDraft.of(json.read(bytes(body), CreateEndpoint.class), rules);
        return endpoints
                .create(identity.tenant(), draft)
                .flatMap(created -> audit.recorded(
                        exchange, "webhook.create", resource(created.view().id()), created))
                .map(created -> {
                    EndpointView view = created.view();
                    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + view.id()))
                            .eTag(created.stored().entityTag())
                            .contentType(MediaType.APPLICATION_JSON)
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .body(json.write(view));
                });
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        String tenant = Identity.of(exchange).tenant();
        return ok(
                ResponseEntity.ok(),
                Page.of(
                        endpoints.list(tenant, Page.cursor(query), limit + 1),
                        limit,
                        WebhookEndpoint::getId,
                        keys::shown));
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        return shown(endpoints.find(identity(exchange).tenant(), id));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> replace(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        String tenant = identity(exchange).tenant();
        EndpointFields fields = json.read(bytes(body), EndpointFields.class);
        return changes.replace(tenant, id, headers(exchange), fields)
                .flatMap(done -> audit.recorded(exchange, "webhook.change", resource(id), done))
                .map(this::shown);
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    Mono<ResponseEntity<byte[]>> patch(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        String tenant = identity(exchange).tenant();
        EndpointPatch patch = EndpointPatch.read(bytes(body), json);
        return changes.patch(tenant, id, headers(exchange), patch)
                .flatMap(done -> audit.recorded(exchange, "webhook.change", resource(id), done))
                .map(this::shown);
    }

    @PostMapping("/{id}/pause")
    Mono<ResponseEntity<byte[]>> pause(@PathVariable String id, ServerWebExchange exchange) {
        return changes.pause(identity(exchange).tenant(), id, headers(exchange))
                .flatMap(done -> audit.recorded(exchange, "webhook.pause", resource(id), done))
                .map(this::changed);
    }

    @PostMapping("/{id}/resume")
    Mono<ResponseEntity<byte[]>> resume(@PathVariable String id, ServerWebExchange exchange) {
        return changes.resume(identity(exchange).tenant(), id, headers(exchange))
                .flatMap(done -> audit.recorded(exchange, "webhook.resume", resource(id), done))
                .map(this::changed);
    }

    @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String id, ServerWebExchange exchange) {
        return changes.delete(identity(exchange).tenant(), id, headers(exchange))
                .then(Mono.defer(() -> audit.recorded(
                        exchange,
                        "webhook.delete",
                        resource(id),
                        ResponseEntity.noContent().build())));
    }

    /** The caller of a route without query parameters. */
    private static Identity identity(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Identity.of(exchange);
    }

    private static HttpHeaders headers(ServerWebExchange exchange) {
        return exchange.getRequest().getHeaders();
    }

    private static byte[] bytes(byte @Nullable [] body) {
        return body == null ? new byte[0] : body;
    }

    private ResponseEntity<byte[]> shown(OwnedEndpoint endpoint) {
        return ok(ResponseEntity.ok().eTag(endpoint.entityTag()), keys.shown(endpoint.endpoint()));
    }

    private ResponseEntity<byte[]> changed(StatusChange change) {
        return ok(ResponseEntity.ok().eTag(change.stored().entityTag()), change.view(keys));
    }

    private ResponseEntity<byte[]> ok(ResponseEntity.BodyBuilder answer, Object value) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(value));
    }

    /** As the audit log names it. */
    static String resource(String id) {
        return "webhook/" + id;
    }
}
