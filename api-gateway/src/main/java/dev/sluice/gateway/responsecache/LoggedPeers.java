package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gateways that tell each other on the log what they remove. Thread-safe; nothing blocks, nothing fails. */
final class LoggedPeers implements Peers {

    private static final String REMOVALS = "sluice.responsecache.removals";

    private final RemovalPublisher publisher;
    private final LogFollowers followers;
    private final String self;
    private final Duration maxLag;
    private final MeterRegistry meters;
    private final Counter announced;
    private final Counter heard;
    private volatile @Nullable LogFollower log;

    /** @param maxLag how old the newest removal may be that was not heard yet */
    LoggedPeers(
            RemovalPublisher publisher, LogFollowers followers, String self, Duration maxLag, MeterRegistry meters) {
        this.publisher = publisher;
        this.followers = followers;
        this.self = self;
        this.maxLag = maxLag;
        this.meters = meters;
        this.announced = counter("here");
        this.heard = counter("elsewhere");
    }

    private Counter counter(String where) {
        return Counter.builder(REMOVALS)
                .description(
                        "removals of kept answers, made here and told to other gateways, or made elsewhere and heard here")
                .tag("made", where)
                .register(meters);
    }

    @Override
    public void listen(Listener listener) {
        LogFollower followed = RemovalListener.follow(followers, self, new Listener() {
            @Override
            public void removed(CacheKey key) {
                heard.increment();
                listener.removed(key);
            }

            @Override
            public void missedSome() {
                listener.missedSome();
            }
        });
        log = followed;
        Gauge.builder(
                        "sluice.responsecache.log.staleness",
                        followed,
                        one -> one.staleness().toMillis() / 1_000.0)
                .description("All that other gateways had removed so long ago was heard, in seconds")
                .baseUnit("seconds")
                .register(meters);
    }

    @Override
    public void announce(CacheKey key, long version) {
        announced.increment();
        publisher.publish(key, version);
    }

    @Override
    public boolean areHeard() {
        LogFollower followed = log;
        return followed != null && followed.following() && followed.staleness().compareTo(maxLag) <= 0;
    }
}
