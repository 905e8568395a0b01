package dev.sluice.cache.http;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.PutBatch;
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
import java.util.ArrayList;
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
        path = BatchController.PATH,
        consumes = MediaType.APPLICATION_JSON_VALUE,
        produces = MediaType.APPLICATION_JSON_VALUE)
final class BatchController {

    static final String PATH = "/api/v1/cache/namespaces/{namespace}/batch";
    static final String GET = "/get";

    /** The path of {@link #get}. */
    static final String READS = PATH + GET;

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

    @PostMapping(GET)
    Mono<ResponseEntity<byte[]>> get(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.READ, namespace, exchange);
        return bodies.read(exchange.getRequest(), body -> {
            List<String> keys =
                    requireSize(json.read(body, BatchRequest.Keys.class).keys());
            BatchAnswer answer = new BatchAnswer(clock.instant());
            return (namespaces.rulesOf(tenant, namespace).origin().isEmpty()
                            ? find(tenant, namespace, keys, answer)
                            : load(tenant, namespace, keys, answer))
                    .map(BatchController::answer);
        });
    }

    private Mono<List<BatchAnswer.Item>> find(String tenant, String namespace, List<String> keys, BatchAnswer answer) {
        List<CacheKey> all = new ArrayList<>(keys.size());
        keys.forEach(key -> all.add(keyOf(tenant, namespace, key)));
        return cache.getAll(all, StaleReads.WHILE_REVALIDATING).map(results -> answer.ofReads(keys, results));
    }

    /** The origin is asked for each by itself. */
    private Mono<List<BatchAnswer.Item>> load(String tenant, String namespace, List<String> keys, BatchAnswer answer) {
        return each(
                keys,
                key -> reads.get(keyOf(tenant, namespace, key), StaleReads.WHILE_REVALIDATING)
                        .map(result -> answer.ofRead(key, result))
                        .onErrorResume(failure -> Mono.just(BatchAnswer.ofFailure(key, failure))));
    }

    @PostMapping("/put")
    Mono<ResponseEntity<byte[]>> put(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = tenant(CacheScope.WRITE, namespace, exchange);
        return bodies.read(exchange.getRequest(), body -> {
            PutBatch batch = writes.putBatch();
            return each(
                            json.read(body, BatchRequest.Puts.class).complete(),
                            item -> Mono.defer(() -> put(batch, keyOf(tenant, namespace, item.key()), item))
                                    .onErrorResume(failure -> Mono.just(BatchAnswer.ofFailure(item.key(), failure))),
                            batch::send)
                    .map(BatchController::answer);
        });
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
                        .map(BatchController::answer));
    }

    private Mono<BatchAnswer.Item> put(PutBatch batch, CacheKey key, BatchRequest.Put item) {
        BatchRequest.Terms terms = item.terms(namespaces.rulesOf(key));
        return writes.put(batch, key, terms.value(), terms.lifetime(), terms.condition())
                .map(written -> BatchAnswer.ofPut(item.key(), written));
    }

    /** All are under way before the first is answered, so that they share the round trips to Redis and Kafka. */
    private static <T> Mono<List<BatchAnswer.Item>> each(List<T> items, Function<T, Mono<BatchAnswer.Item>> action) {
        return each(items, action, () -> {});
    }

    /** @param begun run when all of them have begun, and in any case: some may have, and wait for it */
    private static <T> Mono<List<BatchAnswer.Item>> each(
            List<T> items, Function<T, Mono<BatchAnswer.Item>> action, Runnable begun) {
        return Flux.fromIterable(requireSize(items))
                .doFinally(ignored -> begun.run())
                .flatMapSequential(action, items.size())
                .collectList();
    }

    private static <T> List<T> requireSize(List<T> items) {
        if (items.isEmpty() || items.size() > MAX_ITEMS) {
            throw new ProblemException(ProblemType.INVALID_FIELD, "Send 1 to " + MAX_ITEMS + " items.");
        }
        return items;
    }

    private static ResponseEntity<byte[]> answer(List<BatchAnswer.Item> items) {
        return ResponseEntity.ok(BatchWriter.write(items));
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
