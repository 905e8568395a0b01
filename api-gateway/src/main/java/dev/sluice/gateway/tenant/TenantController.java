package dev.sluice.gateway.tenant;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.Tenant;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The tenants, for administrators. */
@RestController
@RequestMapping(path = "/api/v1/tenants", produces = MediaType.APPLICATION_JSON_VALUE)
final class TenantController {

    private final Tenants tenants;
    private final AuditPublisher audit;
    private final StrictJson json;

    TenantController(Tenants tenants, AuditPublisher audit, StrictJson json) {
        this.tenants = tenants;
        this.audit = audit;
        this.json = json;
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> put(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        PutTenant.checkId(id);
        PutTenant wanted = json.read(body == null ? new byte[0] : body, PutTenant.class);
        wanted.check();
        return tenants.put(id, wanted)
                .flatMap(stored ->
                        audit.record(exchange, id, "tenant.put", "tenant/" + id).thenReturn(stored))
                .map(this::answer);
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return json(ResponseEntity.ok(), TenantView.of(tenants.find(id)));
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return json(
                ResponseEntity.ok(),
                Page.of(tenants.list(Page.cursor(query), limit + 1), limit, Tenant::getId, TenantView::of));
    }

    private ResponseEntity<byte[]> answer(Tenants.Stored stored) {
        TenantView view = TenantView.of(stored.tenant());
        return switch (stored.outcome()) {
            case CREATED -> json(ResponseEntity.created(URI.create("/api/v1/tenants/" + view.id())), view);
            case REPLACED -> json(ResponseEntity.ok(), view);
        };
    }

    private ResponseEntity<byte[]> json(ResponseEntity.BodyBuilder answer, Object view) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
