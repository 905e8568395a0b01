package dev.sluice.webhook.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a webhook does, out of what is remembered of it. Pure.
 *
 * @param status whether it is sent to
 * @param window how far back the attempts reach that are counted, as ISO 8601
 * @param completeFrom nothing that began from then on is missing, so the window is whole when it begins behind it
 * @param asOf what was written until then is in it; long ago while Kafka is away
 * @param backlog what waits on the log
 * @param attempts those that began within the window
 * @param deliveries all that are remembered, as they stand now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatsView(
        String status,
        String window,
        Instant completeFrom,
        Instant asOf,
        Backlog backlog,
        Attempts attempts,
        Deliveries deliveries,
        @Nullable Instant lastDeliveredAt,
        @Nullable Instant lastFailedAt) {

    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Attempts.
     *
     * @param successRate 0 to 1; absent when there was no attempt, as are the percentiles (nearest rank) of how long they took
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attempts(
            int total,
            int delivered,
            int failed,
            @Nullable Double successRate,
            @Nullable Double p50Millis,
            @Nullable Double p95Millis) {}

    /**
     * Deliveries by how they stand.
     *
     * @param oldestRetryingSince when the one was made that is tried again longest; absent when there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Deliveries(
            int delivered, int retrying, int dead, @Nullable Instant oldestRetryingSince) {}

    /**
     * What waits on the log for an endpoint that is behind.
     *
     * @param state {@code none} or {@code waits}
     * @param pending deliveries that wait, as their dispatcher counted them a few seconds ago; absent when they are not counted
     * @param waitingSince when the oldest delivery was made that waits; absent when there is none or it is not known
     * @param attempts that were made of the one that all others wait for; absent when none was
     * @param nextAttemptAt when that one is tried again
     * @param breaker {@code open} while nothing but a probe is begun, after failures in a row, else {@code closed}
     * @param probeAt when the next request is begun; absent when nothing is to be waited for
     * @param concurrency most requests at once that the receiver bears, as far as is known; absent when it was never too many
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Backlog(
            String state,
            @Nullable Long pending,
            @Nullable Instant waitingSince,
            @Nullable Integer attempts,
            @Nullable Instant nextAttemptAt,
            String breaker,
            @Nullable Instant probeAt,
            @Nullable Integer concurrency) {

        static Backlog of(Optional<WebhookEndpointState> state) {
            if (state.isEmpty() || state.get().getLaggards().isEmpty()) {
                return new Backlog("none", 0L, null, null, null, "closed", null, null);
            }
            LaggardPosition place = state.get().getLaggards().getFirst();
            return new Backlog(
                    "waits",
                    place.getPending(),
                    place.getWaitingSince(),
                    place.getAttempt() == 0 ? null : Integer.valueOf(place.getAttempt()),
                    place.getDueAt(),
                    state.get().getBreaker() == WebhookBreaker.OPEN ? "open" : "closed",
                    state.get().getProbeAt(),
                    state.get().getConcurrency());
        }
    }

    /** Statistics out of everything that is remembered of an endpoint. */
    static StatsView of(
            WebhookEndpoint endpoint,
            Found<Entry> all,
            List<Delivery> deliveries,
            Optional<WebhookEndpointState> place,
            Duration window,
            Instant now) {
        List<Entry> attempts = all.items().stream().filter(Entry::isAttempt).toList();
        return new StatsView(
                endpoint.getStatus().name().toLowerCase(Locale.ROOT),
                window.toString(),
                all.completeFrom(),
                all.asOf(),
                Backlog.of(place),
                counted(attempts.stream()
                        .filter(entry -> !entry.position().at().isBefore(now.minus(window)))
                        .toList()),
                standing(deliveries),
                last(attempts, entry -> entry.state() == State.DELIVERED),
                last(attempts, entry -> entry.state() != State.DELIVERED));
    }

    private static Attempts counted(List<Entry> attempts) {
        int total = attempts.size();
        if (total == 0) {
            return new Attempts(0, 0, 0, null, null, null);
        }
        int delivered = (int) attempts.stream()
                .filter(entry -> entry.state() == State.DELIVERED)
                .count();
        long[] nanos = attempts.stream()
                .mapToLong(entry -> entry.took().toNanos())
                .sorted()
                .toArray();
        return new Attempts(
                total,
                delivered,
                total - delivered,
                (double) delivered / total,
                percentile(nanos, 50),
                percentile(nanos, 95));
    }

    /** The least of the values that so many percent are not above. */
    private static double percentile(long[] sorted, int percent) {
        int rank = Math.ceilDiv(sorted.length * percent, 100);
        return sorted[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
    }

    private static Deliveries standing(List<Delivery> deliveries) {
        Optional<Instant> oldest = deliveries.stream()
                .filter(delivery -> delivery.state() == State.RETRYING)
                .map(Delivery::createdAt)
                .min(Comparator.naturalOrder());
        return new Deliveries(
                count(deliveries, State.DELIVERED),
                count(deliveries, State.RETRYING),
                count(deliveries, State.DEAD),
                oldest.orElse(null));
    }

    private static int count(List<Delivery> deliveries, State state) {
        return (int) deliveries.stream()
                .filter(delivery -> delivery.state() == state)
                .count();
    }

    private static @Nullable Instant last(List<Entry> newestFirst, Predicate<Entry> wanted) {
        return newestFirst.stream()
                .filter(wanted)
                .map(entry -> entry.position().at())
                .findFirst()
                .orElse(null);
    }
}
