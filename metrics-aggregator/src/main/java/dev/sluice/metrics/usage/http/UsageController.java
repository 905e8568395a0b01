package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.metrics.usage.UsageReader;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.metrics.usage.http.UsageAnswers.Subject;
import dev.sluice.metrics.usage.http.UsageAnswers.TenantUsage;
import dev.sluice.metrics.usage.http.UsageAnswers.Used;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers what a tenant and its API keys have used. Whose a key is, the gateway has found out: it asks for its tenant. */
@RestController
class UsageController {
    /** May ask for every tenant. */
    private static final String ADMIN = "admin";

    private static final int MAX_NAME_LENGTH = 256;

    private final UsageReader reader;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final UsageProperties properties;
    private final InstantSource clock;

    UsageController(
            UsageReader reader,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            UsageProperties properties,
            InstantSource clock) {
        this.reader = reader;
        this.answers = answers;
        this.freshness = freshness;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/api/v1/usage")
    Mono<TenantUsage> ofTenant(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("from", "to", "step", "key", "group", "tenant");
        Subject subject = new Subject(tenant(query, Identity.of(exchange)), name(query, "key"), name(query, "group"));
        return answer(query, subject, TenantUsage::of);
    }

    @GetMapping("/api/v1/keys/{id}/usage")
    Mono<Used> ofKey(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("from", "to", "step", "group");
        Subject subject = new Subject(Identity.of(exchange).tenant(), checked("id", id), name(query, "group"));
        return answer(query, subject, (used, sums) -> used);
    }

    private <T> Mono<T> answer(StrictQuery query, Subject subject, BiFunction<Used, UsageSums, T> shape) {
        UsageRange range = UsageRange.of(query, properties, clock.instant());
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(UsageTopology.inputTopic()).orElse(null);
        return answers.answer(new UsageQuestion(reader, subject, range))
                .map(sums -> shape.apply(Used.of(subject, range, counted, sums), sums));
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = UsageQuestion.PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to", "step", "key", "group");
        PeerCall call = PeerCall.of(exchange, query);
        UsageQuestion question = UsageQuestion.of(reader, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }

    private static String tenant(StrictQuery query, Identity caller) {
        String asked = name(query, "tenant");
        if (asked == null || asked.equals(caller.tenant())) {
            return caller.tenant();
        }
        if (!caller.scopes().contains(ADMIN)) {
            throw ProblemException.ofField(
                    ProblemType.FORBIDDEN,
                    "tenant",
                    "Only a key with the scope admin may ask for other tenants; leave the parameter out.");
        }
        return asked;
    }

    private static @Nullable String name(StrictQuery query, String parameter) {
        return query.text(parameter).map(text -> checked(parameter, text)).orElse(null);
    }

    private static String checked(String field, String name) {
        if (name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER,
                    field,
                    "Send at most " + MAX_NAME_LENGTH + " characters, no control characters among them.");
        }
        return name;
    }
}
