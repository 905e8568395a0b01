package dev.sluice.cache.http;

import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceView;
import dev.sluice.cache.namespace.Namespaces;
import dev.sluice.cache.namespace.PutNamespace;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.platform.web.WebProperties;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}}: what a tenant lays down for a namespace. */
@RestController
@RequestMapping(path = NamespaceController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
final class NamespaceController {

    static final String PATH = "/api/v1/cache/namespaces";

    private static final byte[] NOTHING = {};

    private final Namespaces namespaces;
    private final AuditPublisher audit;
    private final StrictJson json;
    private final long largestValue;

    NamespaceController(Namespaces namespaces, AuditPublisher audit, StrictJson json, WebProperties web) {
        this.namespaces = namespaces;
        this.audit = audit;
        this.json = json;
        this.largestValue = web.maxBodySize().toBytes();
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        String tenant = CacheScope.READ.requireTenant(exchange);
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return ResponseEntity.ok(json.write(Page.of(
                namespaces.list(tenant, Page.cursor(query), limit + 1), limit, NamespaceView::name, view -> view)));
    }

    @GetMapping("/{namespace}")
    ResponseEntity<byte[]> find(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.READ, namespace, exchange);
        return answer(ResponseEntity.ok(), namespaces.find(tenant, namespace));
    }

    @PutMapping(path = "/{namespace}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> put(
            @PathVariable String namespace,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.WRITE, namespace, exchange);
        PutNamespace terms = json.read(body == null ? NOTHING : body, PutNamespace.class);
        return namespaces
                .put(tenant, namespace, terms, exchange.getRequest().getHeaders(), largestValue)
                .flatMap(stored -> audit.recorded(exchange, "namespace.put", resource(namespace), stored))
                .map(stored -> answer(
                        stored.created()
                                ? ResponseEntity.created(URI.create(PATH + "/" + namespace))
                                : ResponseEntity.ok(),
                        stored));
    }

    @DeleteMapping(path = "/{namespace}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.WRITE, namespace, exchange);
        return namespaces
                .delete(tenant, namespace, exchange.getRequest().getHeaders())
                .then(Mono.defer(() -> audit.recorded(
                        exchange,
                        "namespace.delete",
                        resource(namespace),
                        ResponseEntity.noContent().build())));
    }

    private static String resource(String namespace) {
        return "namespace/" + namespace;
    }

    private static String tenant(CacheScope scope, String namespace, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        KeyRules.requireNamespace(namespace);
        return tenant;
    }

    private ResponseEntity<byte[]> answer(ResponseEntity.BodyBuilder answer, Namespaces.Stored stored) {
        return answer.eTag(stored.entityTag()).body(json.write(stored.view()));
    }
}
