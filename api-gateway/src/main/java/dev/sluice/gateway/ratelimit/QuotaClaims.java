package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** Port: which gateway may tell something that is to be told once. */
@FunctionalInterface
interface QuotaClaims {

    /** Whether the caller is the first; an error when that cannot be found out. */
    Mono<Boolean> claim(String tenant, String noticeId, Duration life);
}
