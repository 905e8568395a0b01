package dev.sluice.cache.http;

import dev.sluice.cache.warm.WarmJobs;
import dev.sluice.cache.warm.WarmRequest;
import dev.sluice.cache.warm.WarmView;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

/** {@code /api/v1/cache/warm}: values that are taken in before anybody asks for them, as jobs. */
@RestController
@RequestMapping(path = WarmController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
final class WarmController {

    static final String PATH = "/api/v1/cache/warm";

    private static final byte[] NOTHING = {};

    private final WarmJobs jobs;
    private final AuditPublisher audit;
    private final StrictJson json;

    WarmController(WarmJobs jobs, AuditPublisher audit, StrictJson json) {
        this.jobs = jobs;
        this.audit = audit;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> begin(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        String _ = tenant(CacheScope.WRITE, exchange);
        WarmRequest request = json.read(body == null ? NOTHING : body, WarmRequest.class);
        return jobs.begin(Identity.of(exchange), request)
                .flatMap(job -> audit.recorded(exchange, "cache.warm", "job/" + job.id(), job))
                .map(job -> ResponseEntity.accepted()
                        .location(URI.create(PATH + "/" + job.id()))
                        .body(json.write(job)));
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        String tenant = CacheScope.READ.requireTenant(exchange);
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return ResponseEntity.ok(json.write(
                Page.of(jobs.list(tenant, Page.cursor(query), limit + 1), limit, WarmView::id, view -> view)));
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        return ResponseEntity.ok(json.write(jobs.find(tenant(CacheScope.READ, exchange), id)));
    }

    @PostMapping("/{id}/cancel")
    Mono<ResponseEntity<byte[]>> cancel(@PathVariable String id, ServerWebExchange exchange) {
        return jobs.cancel(tenant(CacheScope.WRITE, exchange), id)
                .flatMap(job -> audit.recorded(exchange, "job.cancel", "job/" + id, job))
                .map(job -> ResponseEntity.status(HttpStatus.ACCEPTED).body(json.write(job)));
    }

    private static String tenant(CacheScope scope, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return tenant;
    }
}
