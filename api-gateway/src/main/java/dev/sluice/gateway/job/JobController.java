package dev.sluice.gateway.job;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The jobs of the caller's tenant. */
@RestController
@RequestMapping(path = "/api/v1/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
final class JobController {

    private final Jobs jobs;
    private final AuditPublisher audit;
    private final StrictJson json;

    JobController(Jobs jobs, AuditPublisher audit, StrictJson json) {
        this.jobs = jobs;
        this.audit = audit;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return answer(
                ResponseEntity.ok(),
                Page.of(
                        jobs.list(Identity.of(exchange).tenant(), Page.cursor(query), limit + 1),
                        limit,
                        job -> job.job().getId(),
                        jobs::view));
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return answer(
                ResponseEntity.ok(),
                jobs.view(jobs.require(Identity.of(exchange).tenant(), id)));
    }

    @PostMapping("/{id}/cancel")
    Mono<ResponseEntity<byte[]>> cancel(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        String tenant = Identity.of(exchange).tenant();
        return jobs.cancel(tenant, id)
                .flatMap(job -> audit.record(exchange, tenant, "job.cancel", "job/" + id)
                        .thenReturn(job))
                .map(job -> answer(ResponseEntity.status(HttpStatus.ACCEPTED), jobs.view(job)));
    }

    private ResponseEntity<byte[]> answer(ResponseEntity.BodyBuilder answer, Object view) {
        return answer.contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(json.write(view));
    }
}
