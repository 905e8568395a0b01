package dev.sluice.cache.http;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.cache.namespace.NamespaceTable;
import dev.sluice.cache.namespace.NamespaceWrites;
import dev.sluice.cache.namespace.NamespaceWrites.Written;
import dev.sluice.cache.namespace.ReadThrough;
import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}/keys/{key}}: one entry of a tenant's cache, as raw bytes. */
@RestController
final class CacheController {

    static final String ENTRY = "/api/v1/cache/namespaces/{namespace}/keys/{key}";

    private final CoherentCache cache;
    private final ReadThrough reads;
    private final NamespaceWrites writes;
    private final NamespaceTable namespaces;
    private final InstantSource clock;
    private final BoundedBodies bodies;

    CacheController(
            CoherentCache cache,
            ReadThrough reads,
            NamespaceWrites writes,
            NamespaceTable namespaces,
            InstantSource clock,
            BoundedBodies valueBodies) {
        this.cache = cache;
        this.reads = reads;
        this.writes = writes;
        this.namespaces = namespaces;
        this.clock = clock;
        this.bodies = valueBodies;
    }

    /** HEAD as well; the framework leaves out the body. */
    @GetMapping(ENTRY)
    Mono<ResponseEntity<byte[]>> get(
            @PathVariable String namespace, @PathVariable String key, ServerWebExchange exchange) {
        CacheKey entry = keyOf(CacheScope.READ, namespace, key, exchange);
        RequestHeaders headers = new RequestHeaders(exchange.getRequest().getHeaders());
        headers.requireReadConditions();
        if (!headers.wantsLease()) {
            return read(entry, headers)
                    .map(result -> CacheAnswers.ofRead(result, headers, clock.instant()))
                    .onErrorMap(CacheFailures::ofRead);
        }
        String _ = CacheScope.WRITE.requireTenant(exchange);
        return cache.getOrLease(entry, headers.minVersion())
                .map(read -> CacheAnswers.ofLeasedRead(read, headers, clock.instant()));
    }

    private Mono<ReadResult> read(CacheKey entry, RequestHeaders headers) {
        long minVersion = headers.minVersion();
        return minVersion == 0
                ? reads.get(entry, headers.staleReads())
                : cache.get(entry, headers.staleReads(), minVersion);
    }

    @PutMapping(ENTRY)
    Mono<ResponseEntity<Void>> put(
            @PathVariable String namespace, @PathVariable String key, ServerWebExchange exchange) {
        CacheKey entry = keyOf(CacheScope.WRITE, namespace, key, exchange);
        RequestHeaders headers = new RequestHeaders(exchange.getRequest().getHeaders());
        NamespaceRules rules = namespaces.rulesOf(entry);
        Lifetime lifetime = headers.lifetime(rules);
        UnaryOperator<CacheValue> checked = headers.saysAbsent() ? CacheController::absence : UnaryOperator.identity();
        String contentType = headers.contentType();
        List<String> groups = headers.groups();
        Condition condition = headers.putCondition();
        return bodies.read(
                        exchange.getRequest(),
                        body -> writes.put(
                                entry,
                                checked.apply(ValueRules.value(rules, body, contentType))
                                        .withTags(groups),
                                lifetime,
                                condition))
                .map(CacheController::answer)
                .onErrorMap(CacheFailures::ofWrite);
    }

    @DeleteMapping(ENTRY)
    Mono<ResponseEntity<Void>> delete(
            @PathVariable String namespace, @PathVariable String key, ServerWebExchange exchange) {
        CacheKey entry = keyOf(CacheScope.WRITE, namespace, key, exchange);
        Condition condition = new RequestHeaders(exchange.getRequest().getHeaders()).deleteCondition();
        return cache.delete(entry, condition).map(CacheController::answer).onErrorMap(CacheFailures::ofWrite);
    }

    /** Gives a lease back without a value, so that another need not wait for its end. */
    @DeleteMapping(ENTRY + "/lease")
    Mono<ResponseEntity<Void>> release(
            @PathVariable String namespace, @PathVariable String key, ServerWebExchange exchange) {
        CacheKey entry = keyOf(CacheScope.WRITE, namespace, key, exchange);
        long token = new RequestHeaders(exchange.getRequest().getHeaders())
                .leaseToken()
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemType.INVALID_HEADER, RequestHeaders.LEASE, "Send the lease that is given back."));
        return cache.release(entry, token).map(CacheController::answer).onErrorMap(CacheFailures::ofWrite);
    }

    private static CacheValue absence(CacheValue body) {
        if (body.size() > 0) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER, RequestHeaders.ABSENT, "Send no body with it: there is no value.");
        }
        return CacheValue.absence();
    }

    private static ResponseEntity<Void> answer(Boolean released) {
        if (!released) {
            throw CacheFailures.leaseEnded();
        }
        return ResponseEntity.noContent().build();
    }

    private static CacheKey keyOf(CacheScope scope, String namespace, String key, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return KeyRules.require(tenant, namespace, key);
    }

    private static ResponseEntity<Void> answer(Written written) {
        PutResult result = written.result();
        ResponseEntity.HeadersBuilder<?> answer = ResponseEntity.status(
                        result.created() ? HttpStatus.CREATED : HttpStatus.NO_CONTENT)
                .header(HttpHeaders.ETAG, EntityTags.of(result.entry().version()));
        return switch (written.reach()) {
            case ALL_NODES -> answer.build();
            case THIS_NODE ->
                answer.header(HttpHeaders.WARNING, CacheAnswers.KEPT_HERE).build();
        };
    }

    private static ResponseEntity<Void> answer(DeleteResult result) {
        if (!result.existed()) {
            throw CacheFailures.miss();
        }
        return ResponseEntity.noContent().build();
    }
}
