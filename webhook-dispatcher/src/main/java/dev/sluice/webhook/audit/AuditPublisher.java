package dev.sluice.webhook.audit;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.ClientAddress;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.record.AuditEntry;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes down who changed which webhook, and from where. Thread-safe; never blocks. */
public final class AuditPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(AuditPublisher.class);

    private final RecordPublisher<AuditEntry> entries;
    private final InstantSource clock;
    private final RandomGenerator random;

    AuditPublisher(RecordPublishers publishers, InstantSource clock, RandomGenerator random) {
        this.entries = publishers.to(Topics.AUDIT);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Gives what was done on once that is on the log. When it cannot be written, that is logged with all that the entry says: the change
     * itself has happened, and its caller must be told so.
     *
     * @param action such as {@code webhook.pause}
     */
    public <T> Mono<T> recorded(ServerWebExchange exchange, String action, String endpointId, T done) {
        Identity identity = Identity.of(exchange);
        AuditEntry entry = AuditEntry.newBuilder()
                .setId(HexFormat.of().toHexDigits(random.nextLong())
                        + HexFormat.of().toHexDigits(random.nextLong()))
                .setAt(clock.instant())
                .setActor(identity.keyId())
                .setTenant(identity.tenant())
                .setAction(action)
                .setResource("webhook/" + endpointId)
                .setRequestId(RequestContext.of(exchange).requestId())
                .setAddress(ClientAddress.of(exchange).orElse(null))
                .setDetails(Map.of())
                .build();
        return Mono.fromFuture(() -> entries.publish(identity.keyId(), entry))
                .doOnError(failure -> LOG.error("not on the audit log: {}", entry, failure))
                .onErrorComplete()
                .then(Mono.just(done));
    }
}
