package dev.sluice.metrics.monitoring;

import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers whether the aggregator is well; 200 also when it is not, since the answer is what was asked for. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class HealthController {
    private final List<MonitoredCheck> checks;
    private final InstantSource clock;

    HealthController(List<MonitoredCheck> checks, InstantSource clock) {
        this.checks = List.copyOf(checks);
        this.clock = clock;
    }

    @GetMapping("/api/v1/monitoring/health")
    Mono<CheckedHealth.Summary> health(ServerWebExchange exchange) {
        return check(exchange).map(CheckedHealth::summary);
    }

    @GetMapping("/api/v1/monitoring/health/detailed")
    Mono<CheckedHealth> detailed(ServerWebExchange exchange) {
        return check(exchange);
    }

    private Mono<CheckedHealth> check(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Mono.fromCallable(() -> CheckedHealth.of(checks, clock.instant(), System::nanoTime))
                .subscribeOn(Schedulers.boundedElastic());
    }
}
