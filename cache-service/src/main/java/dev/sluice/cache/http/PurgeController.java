package dev.sluice.cache.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.RedisSweep;
import dev.sluice.cache.engine.RedisSweep.Progress;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/purge} and {@code /api/v1/cache/purges/{id}}: many entries at once, in a time of their own. */
@RestController
@RequestMapping(path = "/api/v1/cache", produces = MediaType.APPLICATION_JSON_VALUE)
final class PurgeController {

    static final String PURGE = "/api/v1/cache/purge";

    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private final CoherentCache cache;
    private final RedisSweep sweep;
    private final AuditPublisher audit;
    private final BoundedBodies bodies;
    private final StrictJson json;

    PurgeController(
            CoherentCache cache, RedisSweep sweep, AuditPublisher audit, BoundedBodies valueBodies, StrictJson json) {
        this.cache = cache;
        this.sweep = sweep;
        this.audit = audit;
        this.bodies = valueBodies;
        this.json = json;
    }

    /**
     * What was done.
     *
     * @param id names the work that goes on behind; none when there is none
     * @param removed entries that were named by their keys and were there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(@Nullable String id, long removed) {}

    /** How far the work has come: names looked at in Redis of about so many, entries removed or made stale there. */
    record View(String id, String stage, long scanned, long expected, long swept) {
        static View of(String id, Progress progress) {
            String stage = progress.stage().name().toLowerCase(Locale.ROOT);
            return new View(id, stage, progress.scanned(), progress.expected(), progress.swept());
        }
    }

    /**
     * A purge that is on the log.
     *
     * @param noted tells the audit log of it, which nobody waits for
     */
    record Purged(ResponseEntity<byte[]> answer, Runnable noted) {}

    @PostMapping(path = "/purge", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> purge(ServerWebExchange exchange) {
        return answered(exchange).doOnNext(done -> done.noted.run()).map(Purged::answer);
    }

    /** As {@link #purge}; the audit log is left to the caller. */
    Mono<Purged> answered(ServerWebExchange exchange) {
        String tenant = CacheScope.WRITE.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return bodies.read(exchange.getRequest(), body -> purge(tenant, json.read(body, PurgeRequest.class), exchange));
    }

    private Mono<Purged> purge(String tenant, PurgeRequest request, ServerWebExchange exchange) {
        Optional<Purge> purge = request.purge(tenant);
        List<CacheKey> keys = request.keysToDelete().stream()
                .map(key -> KeyRules.require(tenant, request.namespace(), key))
                .toList();
        return Mono.justOrEmpty(purge)
                .flatMap(cache::purge)
                .map(number -> Optional.of(Long.toString(number)))
                .defaultIfEmpty(Optional.empty())
                .flatMap(id -> {
                    Runnable noted = () -> id.ifPresent(number -> note(exchange, request, number));
                    return delete(keys)
                            .map(removed -> new Purged(answer(id.orElse(null), removed), noted))
                            .doOnError(failure -> noted.run())
                            .doOnCancel(noted);
                })
                .onErrorMap(CacheFailures::ofPurge);
    }

    private void note(ServerWebExchange exchange, PurgeRequest request, String id) {
        audit.note(exchange, "cache.purge", "namespace/" + request.namespace(), request.details(id));
    }

    @GetMapping("/purges/{id}")
    Mono<ResponseEntity<byte[]>> find(@PathVariable String id, ServerWebExchange exchange) {
        String tenant = CacheScope.READ.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        if (!ID.matcher(id).matches()) {
            return Mono.error(none());
        }
        return sweep.progress(tenant, Long.parseLong(id))
                .map(progress -> ResponseEntity.ok(json.write(View.of(id, progress))))
                .switchIfEmpty(Mono.error(PurgeController::none))
                .onErrorMap(CacheFailures::ofWrite);
    }

    /** All are under way before the first is answered. */
    private Mono<Long> delete(List<CacheKey> keys) {
        return Flux.fromIterable(keys)
                .flatMap(key -> cache.delete(key, Condition.any()), Math.max(1, keys.size()))
                .filter(DeleteResult::existed)
                .count();
    }

    private ResponseEntity<byte[]> answer(@Nullable String id, long removed) {
        byte[] body = json.write(new Done(id, removed));
        return id == null
                ? ResponseEntity.ok(body)
                : ResponseEntity.status(HttpStatus.ACCEPTED)
                        .location(URI.create("/api/v1/cache/purges/" + id))
                        .body(body);
    }

    private static ProblemException none() {
        return new ProblemException(
                ProblemType.NOT_FOUND, "There is no such purge; they are remembered for a day after they are made.");
    }
}
