package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Requests that are at an upstream, which others for the same wait for. What was not shared the last time is not waited
 * for again for a while. Thread-safe.
 */
final class Flights {

    /** As Varnish' hit-for-miss, only shorter: an upstream that has changed its mind is soon noticed. */
    private static final Duration NOT_SHARED_FOR = Duration.ofSeconds(10);

    private static final long MAX_REMEMBERED = 100_000;

    private final Map<String, Flight> underWay = new ConcurrentHashMap<>();
    private final Cache<String, Boolean> notShared = Caffeine.newBuilder()
            .expireAfterWrite(NOT_SHARED_FOR)
            .maximumSize(MAX_REMEMBERED)
            .build();

    /** One request that is at an upstream. */
    final class Flight {

        private final String key;
        private final CompletableFuture<Landing> landing = new CompletableFuture<>();

        private Flight(String key) {
            this.key = key;
        }

        /** Only the first landing counts. */
        void land(Landing how) {
            if (how.kind() == Landing.Kind.NOT_SHARED) {
                notShared.put(key, true);
            } else if (how.kind() == Landing.Kind.STORED) {
                notShared.invalidate(key);
            }
            boolean _ = underWay.remove(key, this);
            boolean _ = landing.complete(how);
        }

        /** For any number of others. */
        Mono<Landing> landing() {
            return Mono.fromFuture(landing, /* suppressCancel= */ true);
        }
    }

    /**
     * A place in a flight.
     *
     * @param leads whether it is the first one, who has to end the flight
     */
    record Seat(Flight flight, boolean leads) {}

    Seat join(String key) {
        Flight mine = new Flight(key);
        Flight other = underWay.putIfAbsent(key, mine);
        return other == null ? new Seat(mine, true) : new Seat(other, false);
    }

    /** Whether it is no use to wait for another's answer. */
    boolean isSolo(String key) {
        return notShared.getIfPresent(key) != null;
    }
}
