package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The thread that reads a real Redis stands still, and catches up. */
class RedisChannelsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Limit> LIMITS = List.of(Limits.daily(10));

    @AutoClose
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    @AutoClose
    private final RedisClients clients = new RedisClients(REDIS.host(), REDIS.port());

    @AutoClose
    private final RedisClients others = new RedisClients(REDIS.host(), REDIS.port());

    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void hasCaughtUpAfterItHasReadWhatArrivedMeanwhile() {
        RedisSharedLimits limits = clients.limits();
        limits.decide("connects", LIMITS, 1).block(PATIENCE);
        CountDownLatch standstill = new CountDownLatch(1);
        limits.decide("first", LIMITS, 1).subscribe(first -> {
            // Sent before the thread stands still, answered while it does.
            limits.decide("second", LIMITS, 1).subscribe(second -> order.add("answer"));
            awaitUninterruptibly(standstill);
        });
        await().atMost(PATIENCE).until(() -> usedOf("second") == 1);
        clients.channels().caughtUp().subscribe(end -> {}, failure -> {}, () -> order.add("caught up"));
        standstill.countDown();
        await().atMost(PATIENCE).until(() -> order.size() == 2);
        assertThat(order).containsExactly("answer", "caught up");
    }

    @Test
    void hasCaughtUpAtOnceWhereNothingIsConnected() {
        assertThat(new RedisChannels().caughtUp().blockOptional(PATIENCE)).isEmpty();
    }

    private long usedOf(String tenant) {
        return others.limits()
                .decide(tenant, LIMITS, 0)
                .blockOptional(PATIENCE)
                .orElseThrow()
                .uses()
                .getFirst()
                .used();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
