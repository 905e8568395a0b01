package dev.sluice.metrics.partition;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * A question of another instance, as it comes in.
 *
 * @param tenant whose data it is about
 * @param partitions those that this instance is taken for the owner of
 */
public record PeerCall(String tenant, Set<Integer> partitions, StrictQuery query) {
    /** The parameter that names the partitions. */
    public static final String PARTITIONS = "partitions";

    /** No API key has it, so that a request which the gateway has passed on is never taken for one of these. */
    private static final String SCOPE = "@metrics-aggregator";

    /** Who asks about a tenant in the name of an instance. */
    static Identity by(String tenant) {
        return new Identity(tenant, "", "", Set.of(SCOPE));
    }

    /** Reads a question; refuses it from anybody but another instance. */
    public static PeerCall of(ServerWebExchange exchange, StrictQuery query) {
        Identity caller = Identity.of(exchange);
        if (!caller.scopes().contains(SCOPE)) {
            throw new ProblemException(ProblemType.NOT_FOUND, "Send the request to the gateway.");
        }
        try {
            Set<Integer> partitions = Arrays.stream(
                            query.text(PARTITIONS).orElse("").split(",", -1))
                    .map(Integer::valueOf)
                    .collect(Collectors.toUnmodifiableSet());
            return new PeerCall(caller.tenant(), partitions, query);
        } catch (NumberFormatException e) {
            throw invalid(PARTITIONS);
        }
    }

    public String required(String parameter) {
        return query.text(parameter).orElseThrow(() -> invalid(parameter));
    }

    public Instant instant(String parameter) {
        try {
            return Instant.parse(required(parameter));
        } catch (DateTimeException e) {
            throw invalid(parameter);
        }
    }

    public @Nullable String optional(String parameter) {
        return query.text(parameter).orElse(null);
    }

    private static ProblemException invalid(String parameter) {
        return ProblemException.ofField(
                ProblemType.INVALID_PARAMETER, parameter, "Run instances of one version; this one sends none such.");
    }
}
