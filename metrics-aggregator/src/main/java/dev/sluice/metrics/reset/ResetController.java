package dev.sluice.metrics.reset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.MetricsReset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets an administrator begin anew: from the next whole minute on the figures of a tenant's cache are counted. Nothing that was counted is
 * destroyed: the windows stay as they are, and so do the series, the usage and the rollups made of them.
 */
@RestController
class ResetController {

    private static final String ADMIN = "admin";
    private static final String RETRY_AFTER_SECONDS = "1";

    private final ResetTable resets;
    private final AuditPublisher audit;
    private final InstantSource clock;

    ResetController(ResetTable resets, AuditPublisher audit, InstantSource clock) {
        this.resets = resets;
        this.audit = audit;
        this.clock = clock;
    }

    /** What was set. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Answer(String tenant, Instant counted_from, Instant reset_at) {
        static Answer of(MetricsReset reset) {
            return new Answer(reset.getTenant(), reset.getCountedFrom(), reset.getResetAt());
        }
    }

    @PostMapping(path = "/api/v1/cache/reset-metrics", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<Answer> reset(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Identity caller = Identity.of(exchange);
        if (!caller.scopes().contains(ADMIN)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "Use a key with the scope admin.");
        }
        MetricsReset reset = resetOf(caller);
        return Mono.fromFuture(() -> resets.put(reset))
                .onErrorMap(ResetController::isUnavailable, failure -> unavailable())
                .flatMap(done -> audit.recorded(
                        exchange,
                        "metrics.reset",
                        "cache-metrics/" + caller.tenant(),
                        Map.of("countedFrom", done.getCountedFrom().toString()),
                        Answer.of(done)));
    }

    /** Never before an earlier one, whatever the clock of this instance says. */
    private MetricsReset resetOf(Identity caller) {
        Instant now = clock.instant();
        Instant next = now.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
        Instant countedFrom =
                resets.countedFrom(caller.tenant()).filter(next::isBefore).orElse(next);
        return MetricsReset.newBuilder()
                .setTenant(caller.tenant())
                .setCountedFrom(countedFrom)
                .setResetAt(now)
                .setResetBy(caller.keyId())
                .build();
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof PublishFailedException || failure instanceof PublisherOverloadedException;
    }

    private static ProblemException unavailable() {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "Kafka does not confirm changes just now; send it again in a second, twice does no harm.")
                .withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
}
