package dev.sluice.gateway.route;

import dev.sluice.gateway.table.JsonTree;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The routes, for administrators. */
@RestController
@RequestMapping(path = "/api/v1/routes", produces = MediaType.APPLICATION_JSON_VALUE)
final class RouteController {

    private final RouteChanges changes;
    private final Routes routes;
    private final AuditPublisher audit;
    private final StrictJson json;

    RouteController(RouteChanges changes, Routes routes, AuditPublisher audit, StrictJson json) {
        this.changes = changes;
        this.routes = routes;
        this.audit = audit;
        this.json = json;
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> put(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Object document = JsonTree.of(json.readTree(body == null ? new byte[0] : body));
        return changes.put(id, document, exchange.getRequest().getHeaders())
                .flatMap(stored -> record(exchange, "route.put", id).thenReturn(stored))
                .map(this::answer);
    }

    @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return changes.delete(id, exchange.getRequest().getHeaders())
                .then(record(exchange, "route.delete", id))
                .thenReturn(ResponseEntity.noContent().build());
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        RouteEntry entry = changes.find(id);
        return json(ResponseEntity.ok().eTag(entry.entityTag()), RouteView.of(entry));
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return json(
                ResponseEntity.ok(),
                Page.of(
                        changes.list(Page.cursor(query), limit + 1),
                        limit,
                        entry -> entry.route().id(),
                        RouteView::of));
    }

    /** Which route a request would have; nothing is sent anywhere. */
    @PostMapping(path = "/match", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> match(@RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        MatchQuestion question = json.read(body == null ? new byte[0] : body, MatchQuestion.class);
        return json(ResponseEntity.ok(), question.ask(routes.index()));
    }

    private Mono<Void> record(ServerWebExchange exchange, String action, String id) {
        return audit.record(exchange, Identity.of(exchange).tenant(), action, "route/" + id);
    }

    private ResponseEntity<byte[]> answer(RouteChanges.Stored stored) {
        RouteEntry entry = stored.entry();
        ResponseEntity.BodyBuilder answer = switch (stored.outcome()) {
            case CREATED ->
                ResponseEntity.created(
                        URI.create("/api/v1/routes/" + entry.route().id()));
            case REPLACED -> ResponseEntity.ok();
        };
        return json(answer.eTag(entry.entityTag()), RouteView.of(entry));
    }

    private ResponseEntity<byte[]> json(ResponseEntity.BodyBuilder answer, Object view) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
