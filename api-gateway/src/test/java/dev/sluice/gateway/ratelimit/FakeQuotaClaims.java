package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** Claims in memory that can be taken away. */
final class FakeQuotaClaims implements QuotaClaims {

    final Map<String, Duration> lives = new ConcurrentHashMap<>();
    volatile boolean fails;
    volatile int asked;

    @Override
    public synchronized Mono<Boolean> claim(String tenant, String noticeId, Duration life) {
        asked++;
        if (fails) {
            return Mono.error(new IllegalStateException("away"));
        }
        return Mono.just(lives.putIfAbsent(tenant + " " + noticeId, life) == null);
    }
}
