package dev.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the wrong keys of each client's address: a bucket that holds a minute's worth and drains evenly. Only answers to
 * wrong keys change by it, so nobody can keep a neighbour behind the same address from using a valid one; and a secret of
 * 256 bits needs no more protection from guessing. What it saves is the noise of a client that never stops. Memory is
 * bounded; when it is full, an address may be forgotten and has its whole allowance again. Thread-safe.
 */
final class WrongKeyThrottle {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** For each address the moment at which its bucket is empty again. */
    private final Cache<InetAddress, AtomicLong> emptyAt;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private final Counter refused;
    private final Counter throttled;

    WrongKeyThrottle(AuthProperties properties, LongSupplier nanoTime, MeterRegistry meters) {
        this.perMinute = properties.wrongKeysPerMinute();
        this.nanoTime = nanoTime;
        this.emptyAt = Caffeine.newBuilder()
                .maximumSize(properties.maxAddresses())
                // By then every bucket is empty, which is what a new one is.
                .expireAfterWrite(Duration.ofMinutes(2))
                .ticker(nanoTime::getAsLong)
                .build();
        this.refused = counter("refused", meters);
        this.throttled = counter("throttled", meters);
    }

    private static Counter counter(String outcome, MeterRegistry meters) {
        return Counter.builder("sluice.auth.wrong.keys")
                .description("requests with a wrong API key by how they were answered")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** A wrong key came from an address. How long it must wait when it has presented too many; else empty. */
    Optional<Duration> wrongKeyFrom(InetAddress address) {
        Optional<Duration> wait = perMinute == 0 ? Optional.empty() : pour(address);
        (wait.isPresent() ? throttled : refused).increment();
        return wait;
    }

    private Optional<Duration> pour(InetAddress address) {
        long interval = MINUTE / perMinute;
        long now = nanoTime.getAsLong();
        AtomicLong bucket = bucketOf(address, now);
        while (true) {
            long level = bucket.get();
            long filled = (level - now > 0 ? level : now) + interval;
            long over = filled - now - interval * perMinute;
            if (over > 0) {
                return Optional.of(Duration.ofNanos(over));
            }
            if (bucket.compareAndSet(level, filled)) {
                // Writing again is what keeps it from expiring while it is in use.
                emptyAt.put(address, bucket);
                return Optional.empty();
            }
        }
    }

    private AtomicLong bucketOf(InetAddress address, long now) {
        return emptyAt.get(address, unseen -> new AtomicLong(now));
    }

    /** For how many addresses counts are kept. */
    long size() {
        emptyAt.cleanUp();
        return emptyAt.estimatedSize();
    }
}
