package dev.sluice.cache.http;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceTable;
import dev.sluice.cache.namespace.NamespaceWrites;
import dev.sluice.cache.namespace.ReadThrough;
import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}/batch}: many entries at once, each with a result of its own. */
@RestController
@RequestMapping(
        path = "/api/v1/cache/namespaces/{namespace}/batch",
        consumes = MediaType.APPLICATION_JSON_VALUE,
        produces = MediaType.APPLICATION_JSON_VALUE)
final class BatchController {

    private static final int MAX_ITEMS = 1000;

    private final CoherentCache cache;
    private final ReadThrough reads;
    private final NamespaceWrites writes;
    private final NamespaceTable namespaces;
    private final InstantSource clock;
    private final BoundedBodies bodies;
    private final StrictJson json;

    BatchController(
            CoherentCache cache,
            ReadThrough reads,
            NamespaceWrites writes,
            NamespaceTable namespaces,
            InstantSource clock,
            BoundedBodies valueBodies,
            StrictJson json) {
        this.cache = cache;
        this.reads = reads;
        this.writes = writes;
        this.namespaces = namespaces;
        this.clock = clock;
        this.bodies = valueBodies;
        this.json = json;
    }

    @PostMapping("/get")
    Mono<ResponseEntity<byte[]>> get(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.READ, namespace, exchange);
        return bodies.read(exchange.getRequest(), body -> {
            BatchAnswer answer = new BatchAnswer(clock.instant());
            return each(
                            json.read(body, BatchRequest.Keys.class).keys(),
                            key -> reads.get(keyOf(tenant, namespace, key), StaleReads.WHILE_REVALIDATING)
                                    .map(result -> answer.ofRead(key, result))
                                    .onErrorResume(failure -> Mono.just(BatchAnswer.ofFailure(key, failure))))
                    .map(this::answer);
        });
    }

    @PostMapping("/put")
    Mono<ResponseEntity<byte[]>> put(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.WRITE, namespace, exchange);
        return bodies.read(
                exchange.getRequest(),
                body -> each(
                                json.read(body, BatchRequest.Puts.class).complete(),
                                item -> Mono.defer(() -> put(keyOf(tenant, namespace, item.key()), item))
                                        .onErrorResume(
                                                failure -> Mono.just(BatchAnswer.ofFailure(item.key(), failure))))
                        .map(this::answer));
    }

    @PostMapping("/delete")
    Mono<ResponseEntity<byte[]>> delete(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.WRITE, namespace, exchange);
        return bodies.read(
                exchange.getRequest(),
                body -> each(
                                json.read(body, BatchRequest.Keys.class).keys(),
                                key -> Mono.defer(() -> cache.delete(keyOf(tenant, namespace, key), Condition.any()))
                                        .map(result -> BatchAnswer.ofDelete(key, result))
                                        .onErrorResume(failure -> Mono.just(BatchAnswer.ofFailure(key, failure))))
                        .map(this::answer));
    }

    private Mono<BatchAnswer.Item> put(CacheKey key, BatchRequest.Put item) {
        BatchRequest.Terms terms = item.terms(namespaces.rulesOf(key));
        return writes.put(key, terms.value(), terms.lifetime(), terms.condition())
                .map(written -> BatchAnswer.ofPut(item.key(), written));
    }

    /** All are under way before the first is answered, so that they share the round trips to Redis and Kafka. */
    private static <T> Mono<List<BatchAnswer.Item>> each(List<T> items, Function<T, Mono<BatchAnswer.Item>> action) {
        if (items.isEmpty() || items.size() > MAX_ITEMS) {
            throw new ProblemException(ProblemType.INVALID_FIELD, "Send 1 to " + MAX_ITEMS + " items.");
        }
        return Flux.fromIterable(items).flatMapSequential(action, items.size()).collectList();
    }

    private ResponseEntity<byte[]> answer(List<BatchAnswer.Item> items) {
        return ResponseEntity.ok(json.write(new BatchAnswer.Document(items)));
    }

    /** A namespace that is none spoils the whole batch, as it would each item alone. */
    private static String tenant(CacheScope scope, String namespace, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        KeyRules.requireNamespace(namespace);
        return tenant;
    }

    private static CacheKey keyOf(String tenant, String namespace, String key) {
        return KeyRules.require(tenant, namespace, key);
    }
}
