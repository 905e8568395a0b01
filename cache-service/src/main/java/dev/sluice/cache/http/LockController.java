package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisLocks.Held;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}/locks/{name}}: locks that end by themselves, with fencing tokens. */
@RestController
@RequestMapping(path = "/api/v1/cache/namespaces/{namespace}/locks/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
final class LockController {

    private static final Duration USUAL_LIFE = Duration.ofSeconds(30);
    private static final Duration MAX_LIFE = Duration.ofHours(1);
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final int MAX_OWNER = 128;
    private static final byte[] NOTHING = {};

    private final RedisLocks locks;
    private final StrictJson json;

    LockController(RedisLocks locks, StrictJson json) {
        this.locks = locks;
        this.json = json;
    }

    /** Who wants the lock, for how long, and how long to wait for it; at once when that is left out. */
    record AcquireRequest(
            String owner,
            @Nullable Long ttlMillis,
            @Nullable Long waitMillis) {

        Duration life() {
            return Spans.millis("ttlMillis", ttlMillis, USUAL_LIFE, MAX_LIFE);
        }

        Duration patience() {
            return Duration.ofMillis(Spans.within("waitMillis", waitMillis, 0, 0, MAX_WAIT.toMillis()));
        }

        String requireOwner() {
            if (owner.isEmpty() || owner.length() > MAX_OWNER || owner.chars().anyMatch(Character::isISOControl)) {
                throw ProblemException.ofField(
                        ProblemType.INVALID_FIELD,
                        "owner",
                        "Name the owner with 1 to " + MAX_OWNER + " characters, none of them for control.");
            }
            return owner;
        }
    }

    /** Who has the lock and for how much longer. */
    record RenewRequest(long token, @Nullable Long ttlMillis) {

        Duration life() {
            return Spans.millis("ttlMillis", ttlMillis, USUAL_LIFE, MAX_LIFE);
        }
    }

    /** A lock that is held. Send the token with every change of what it protects. */
    record View(long token, long remainingMillis) {
        static View of(Held held) {
            return new View(held.token(), held.remaining().toMillis());
        }
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> acquire(
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        CacheKey lock = keyOf(CacheScope.WRITE, namespace, name, exchange);
        AcquireRequest request = json.read(body == null ? NOTHING : body, AcquireRequest.class);
        return locks.acquire(lock, request.requireOwner(), request.life(), request.patience())
                .map(held -> answer(requireOwn(held, "Another has the lock; wait for it or try again.")))
                .onErrorMap(CacheFailures::ofWrite);
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> renew(
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        CacheKey lock = keyOf(CacheScope.WRITE, namespace, name, exchange);
        RenewRequest request = json.read(body == null ? NOTHING : body, RenewRequest.class);
        return locks.renew(lock, request.token(), request.life())
                .map(held -> answer(
                        requireOwn(requireHeld(held), "The lock has ended and another has it; stop what it protects.")))
                .onErrorMap(CacheFailures::ofWrite);
    }

    @GetMapping
    Mono<ResponseEntity<byte[]>> find(
            @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
        return locks.find(keyOf(CacheScope.READ, namespace, name, exchange))
                .map(held -> answer(requireHeld(held)))
                .onErrorMap(CacheFailures::ofWrite);
    }

    @DeleteMapping(path = "/{token}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> release(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String token,
            ServerWebExchange exchange) {
        CacheKey lock = keyOf(CacheScope.WRITE, namespace, name, exchange);
        return locks.release(lock, tokenOf(token))
                .filter(own -> own)
                .switchIfEmpty(Mono.error(() -> notFound("Nobody holds the lock with this token; it has ended.")))
                .map(own -> ResponseEntity.noContent().<Void>build())
                .onErrorMap(CacheFailures::ofWrite);
    }

    private static Held requireOwn(Held held, String otherwise) {
        if (!held.own()) {
            throw new ProblemException(ProblemType.CONFLICT, otherwise)
                    .withExtension("remainingMillis", held.remaining().toMillis());
        }
        return held;
    }

    private static Held requireHeld(Held held) {
        if (held.token() == 0) {
            throw notFound("Nobody holds the lock. If it was yours, stop what it protects.");
        }
        return held;
    }

    private ResponseEntity<byte[]> answer(Held held) {
        return ResponseEntity.ok(json.write(View.of(held)));
    }

    private static ProblemException notFound(String detail) {
        return new ProblemException(ProblemType.NOT_FOUND, detail);
    }

    private static long tokenOf(String text) {
        if (!text.matches("[1-9][0-9]{0,15}")) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH, "token", "Send the token that the lock was given with.");
        }
        return Long.parseLong(text);
    }

    private static CacheKey keyOf(CacheScope scope, String namespace, String name, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return KeyRules.require(tenant, namespace, name);
    }
}
