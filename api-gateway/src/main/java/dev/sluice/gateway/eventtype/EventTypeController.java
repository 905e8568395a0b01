package dev.sluice.gateway.eventtype;

import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
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
import reactor.core.scheduler.Schedulers;

/** The catalogue: every key sees its tenant's types, administrators change them, those of any tenant. */
@RestController
@RequestMapping(path = "/api/v1/event-types", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventTypeController {

    private static final String TENANT = "tenant";

    private final EventTypes types;
    private final AuditPublisher audit;
    private final StrictJson json;

    EventTypeController(EventTypes types, AuditPublisher audit, StrictJson json) {
        this.types = types;
        this.audit = audit;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(TENANT, "limit", "cursor");
        int limit = Page.limit(query);
        return ok(
                ResponseEntity.ok(),
                Page.of(
                        types.list(tenant(query, exchange), Page.cursor(query), limit + 1),
                        limit,
                        entry -> entry.type().getName(),
                        entry -> EventTypeView.of(entry, json)));
    }

    @GetMapping("/{name}")
    ResponseEntity<byte[]> find(@PathVariable String name, ServerWebExchange exchange) {
        return answer(ResponseEntity.ok(), types.find(name(name, exchange)));
    }

    @GetMapping("/{name}/versions/{version}")
    ResponseEntity<byte[]> find(@PathVariable String name, @PathVariable String version, ServerWebExchange exchange) {
        if (!version.matches("[1-9][0-9]{0,8}")) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH, "version", "Send the number of a version, from 1.");
        }
        return answer(ResponseEntity.ok(), types.find(name(name, exchange), Integer.parseInt(version)));
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> put(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        TypeName type = name(name, exchange);
        PutEventType wanted = json.read(body == null ? new byte[0] : body, PutEventType.class);
        // To compile and to compare schemas takes milliseconds, in which an event loop has other clients to serve.
        return Mono.defer(() -> types.put(type, wanted, exchange.getRequest().getHeaders()))
                .subscribeOn(Schedulers.parallel())
                .flatMap(stored -> record(exchange, type, stored).thenReturn(stored))
                .map(this::answer);
    }

    @DeleteMapping(path = "/{name}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String name, ServerWebExchange exchange) {
        TypeName type = name(name, exchange);
        return types.delete(type, exchange.getRequest().getHeaders())
                .then(Mono.defer(
                        () -> audit.record(exchange, type.tenant(), "event-type.delete", "event-type/" + type.name())))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private Mono<Void> record(ServerWebExchange exchange, TypeName type, EventTypes.Stored stored) {
        return switch (stored.outcome()) {
            case UNCHANGED -> Mono.empty();
            case CREATED, CHANGED ->
                audit.record(
                        exchange,
                        type.tenant(),
                        "event-type.put",
                        "event-type/" + type.name() + "/"
                                + stored.entry().type().getVersion());
        };
    }

    private static TypeName name(String name, ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(TENANT);
        return TypeName.of(tenant(query, exchange), name);
    }

    /** The caller's, unless an administrator asks for another. */
    private static String tenant(StrictQuery query, ServerWebExchange exchange) {
        Identity caller = Identity.of(exchange);
        String tenant = query.text(TENANT).orElse(caller.tenant());
        if (!tenant.equals(caller.tenant()) && !caller.scopes().contains(Scopes.ADMIN)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN, "Use a key with the scope admin for the event types of another tenant.");
        }
        return tenant;
    }

    private ResponseEntity<byte[]> answer(EventTypes.Stored stored) {
        EventTypeEntry entry = stored.entry();
        return answer(
                switch (stored.outcome()) {
                    case CREATED ->
                        ResponseEntity.created(
                                URI.create("/api/v1/event-types/" + entry.type().getName()));
                    case CHANGED, UNCHANGED -> ResponseEntity.ok();
                },
                entry);
    }

    private ResponseEntity<byte[]> answer(ResponseEntity.BodyBuilder answer, EventTypeEntry entry) {
        return ok(answer.eTag(entry.entityTag()), EventTypeView.of(entry, json));
    }

    private ResponseEntity<byte[]> ok(ResponseEntity.BodyBuilder answer, Object view) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
