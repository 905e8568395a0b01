package dev.sluice.gateway.stream;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;

/**
 * The streams that are open, and whose: no key, no tenant and not the gateway has more than it may. Closes them before the
 * server waits for the requests under way, since a stream ends by itself only when its client wants it to. Thread-safe.
 */
final class OpenStreams implements SmartLifecycle {

    private static final ProblemType TOO_MANY = ProblemType.ours("too_many_streams", 429, "Too many streams are open");

    /** By then somebody may have closed one. */
    private static final String RETRY_SECONDS = "5";

    private final int mostOfKey;
    private final int mostOfTenant;
    private final int mostOfAll;
    private final Set<Place> places = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> byKey = new HashMap<>();
    private final Map<String, Integer> byTenant = new HashMap<>();
    private volatile boolean running;

    OpenStreams(int mostOfKey, int mostOfTenant, int mostOfAll) {
        this.mostOfKey = mostOfKey;
        this.mostOfTenant = mostOfTenant;
        this.mostOfAll = mostOfAll;
    }

    /** The place of one stream, taken from before it is begun until it ends. */
    final class Place {

        private final Identity identity;
        private volatile @Nullable EventStream stream;

        private Place(Identity identity) {
            this.identity = identity;
        }

        /** From now on the stream is closed with the others. */
        void hold(EventStream begun) {
            stream = begun;
            if (!running) {
                begun.close(CloseReason.SHUTDOWN);
            }
        }

        void leave() {
            OpenStreams.this.leave(this);
        }

        private void close(CloseReason reason) {
            EventStream held = stream;
            if (held != null) {
                held.close(reason);
            }
        }
    }

    /** Takes a place, or refuses with a problem that says which bound was reached. */
    synchronized Place enter(Identity identity) {
        if (!running) {
            throw full("This gateway shuts down; open the stream again, and another one answers.");
        }
        if (places.size() >= mostOfAll) {
            throw full("This gateway has as many streams as it can; open yours again a little later.");
        }
        require(byKey.getOrDefault(identity.keyId(), 0) < mostOfKey, "this API key", mostOfKey);
        require(byTenant.getOrDefault(identity.tenant(), 0) < mostOfTenant, "your tenant", mostOfTenant);
        byKey.merge(identity.keyId(), 1, Integer::sum);
        byTenant.merge(identity.tenant(), 1, Integer::sum);
        Place place = new Place(identity);
        places.add(place);
        return place;
    }

    private static ProblemException full(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }

    private static void require(boolean room, String owner, int most) {
        if (!room) {
            throw new ProblemException(
                            TOO_MANY,
                            "Close a stream of " + owner + " before you open another one; this gateway has " + most
                                    + " of them open.")
                    .withHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
    }

    private synchronized void leave(Place place) {
        if (places.remove(place)) {
            byKey.computeIfPresent(place.identity.keyId(), (id, count) -> count == 1 ? null : count - 1);
            byTenant.computeIfPresent(place.identity.tenant(), (id, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Closes those for whose owners there is a reason. */
    void closeIf(Function<Identity, Optional<CloseReason>> reason) {
        places.forEach(place -> reason.apply(place.identity).ifPresent(place::close));
    }

    int size() {
        return places.size();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        List.copyOf(places).forEach(place -> place.close(CloseReason.SHUTDOWN));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First of all to be stopped. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
