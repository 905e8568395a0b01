package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.monitoring.InstanceReports.Heard;
import dev.sluice.platform.telemetry.health.HealthRounds;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Answers whether the platform is well; 200 also when it is not, since the answer is what was asked for. What the checks of this instance found it knows
 * itself: also when Kafka is away, and all others are silent.
 */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class HealthController {
    private final InstanceReports reports;
    private final HealthRounds own;
    private final List<String> services;
    private final InstantSource clock;

    HealthController(InstanceReports reports, HealthRounds own, MonitoringProperties properties, InstantSource clock) {
        this.reports = reports;
        this.own = own;
        this.services = properties.services();
        this.clock = clock;
    }

    @GetMapping("/api/v1/monitoring/health")
    Mono<CheckedHealth.Summary> health(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Mono.fromCallable(() -> look().summary());
    }

    @GetMapping("/api/v1/monitoring/health/detailed")
    Mono<CheckedHealth> detailed(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Mono.fromCallable(this::look);
    }

    private CheckedHealth look() {
        Instant now = clock.instant();
        List<Heard> heard = new ArrayList<>(reports.list(now));
        own.latest().ifPresent(latest -> {
            heard.removeIf(other -> other.report().getInstance().equals(latest.getInstance())
                    && other.report().getService().equals(latest.getService()));
            heard.add(new Heard(latest, latest.getAt()));
        });
        return CheckedHealth.of(heard, services, now);
    }
}
