package dev.sluice.gateway.audit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.record.AuditEntry;
import dev.sluice.schemas.Topics;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes down who changed what. Thread-safe; never blocks. */
public final class AuditPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(AuditPublisher.class);

    private final RecordPublisher<AuditEntry> entries;
    private final ClientAddresses addresses;
    private final InstantSource clock;
    private final RandomGenerator random;

    AuditPublisher(
            RecordPublishers publishers, ClientAddresses addresses, InstantSource clock, RandomGenerator random) {
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
        Identity identity = Identity.of(exchange);
        AuditEntry entry = AuditEntry.newBuilder()
                .setId(HexFormat.of().toHexDigits(random.nextLong())
                        + HexFormat.of().toHexDigits(random.nextLong()))
                .setAt(clock.instant())
                .setActor(identity.keyId())
                .setTenant(tenant)
                .setAction(action)
                .setResource(resource)
                .setRequestId(RequestContext.of(exchange).requestId())
                .setAddress(addresses
                        .of(exchange.getRequest())
                        .map(InetAddress::getHostAddress)
                        .orElse(null))
                .setDetails(Map.of())
                .build();
        return Mono.fromFuture(() -> entries.publish(identity.keyId(), entry))
                .doOnError(failure -> LOG.error("not on the audit log: {}", entry, failure))
                .onErrorComplete()
                .then();
    }
}
