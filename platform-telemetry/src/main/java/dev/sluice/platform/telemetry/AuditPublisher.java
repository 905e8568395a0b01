package dev.sluice.platform.telemetry;

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
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes down who changed what, and from where. Thread-safe; never blocks. */
public final class AuditPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(AuditPublisher.class);

    private final RecordPublisher<AuditEntry> entries;
    private final Function<ServerWebExchange, Optional<String>> addresses;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Of a service behind the gateway, which tells it from where a request came. */
    public AuditPublisher(RecordPublishers publishers, InstantSource clock, RandomGenerator random) {
        this(publishers, ClientAddress::of, clock, random);
    }

    /**
     * Creates one.
     *
     * @param addresses from where a request came, as text; empty where that is not known
     */
    public AuditPublisher(
            RecordPublishers publishers,
            Function<ServerWebExchange, Optional<String>> addresses,
            InstantSource clock,
            RandomGenerator random) {
        this.entries = publishers.to(Topics.AUDIT);
        this.addresses = addresses;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Completes when the entry is on the log. When it cannot be written, that is logged with all that the entry says: the
     * change itself has happened, and its caller must be told so.
     *
     * @param tenant the tenant that was changed, or whose key was
     * @param action such as {@code key.revoke}
     * @param resource such as {@code key/abc}
     */
    public Mono<Void> record(ServerWebExchange exchange, String tenant, String action, String resource) {
        return record(exchange, tenant, action, resource, Map.of());
    }

    /** Gives what was done to the caller's own tenant on, once that is on the log; as {@link #record} otherwise. */
    public <T> Mono<T> recorded(ServerWebExchange exchange, String action, String resource, T done) {
        return recorded(exchange, action, resource, Map.of(), done);
    }

    /**
     * The same with more about it.
     *
     * @param details without secrets
     */
    public <T> Mono<T> recorded(
            ServerWebExchange exchange, String action, String resource, Map<String, String> details, T done) {
        return record(exchange, Identity.of(exchange).tenant(), action, resource, details)
                .thenReturn(done);
    }

    /** Writes an entry about the caller's own tenant down without anybody waiting for it; as {@link #record} otherwise. */
    public void note(ServerWebExchange exchange, String action, String resource, Map<String, String> details) {
        record(exchange, Identity.of(exchange).tenant(), action, resource, details)
                .subscribe();
    }

    private Mono<Void> record(
            ServerWebExchange exchange, String tenant, String action, String resource, Map<String, String> details) {
        String actor = Identity.of(exchange).keyId();
        AuditEntry entry = AuditEntry.newBuilder()
                .setId(HexFormat.of().toHexDigits(random.nextLong())
                        + HexFormat.of().toHexDigits(random.nextLong()))
                .setAt(clock.instant())
                .setActor(actor)
                .setTenant(tenant)
                .setAction(action)
                .setResource(resource)
                .setRequestId(RequestContext.of(exchange).requestId())
                .setAddress(addresses.apply(exchange).orElse(null))
                .setDetails(details)
                .build();
        return Mono.fromFuture(() -> entries.publish(actor, entry))
                .doOnError(failure -> LOG.error("not on the audit log: {}", entry, failure))
                .onErrorComplete()
                .then();
    }
}
