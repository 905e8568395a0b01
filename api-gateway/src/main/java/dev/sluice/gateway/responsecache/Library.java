package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.cache.engine.CacheKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The stored answers by what is asked for: URL, who asks, and the headers by which an upstream chooses. Thread-safe. */
final class Library implements Peers.Listener {

    private static final Mono<Boolean> NO_GROUPS = Mono.just(false);
    private static final byte[] NEVER =
            ByteBuffer.allocate(Long.BYTES).putLong(Long.MIN_VALUE).array();

    private final ResponseStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Duration maxNearAge;
    private final Duration groupLife;

    /** By the bytes themselves, not by what they are; gone when nobody else needs it. */
    private final Cache<byte[], StoredRecord> decoded =
            Caffeine.newBuilder().weakKeys().weakValues().build();

    /**
     * @param maxNearAge for how long it is believed that a group was not invalidated
     * @param groupLife the longest life of a stored answer
     */
    Library(ResponseStore store, InstantSource clock, RandomGenerator random, Duration maxNearAge, Duration groupLife) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.maxNearAge = maxNearAge;
        this.groupLife = groupLife;
    }

    /**
     * What there is for a request.
     *
     * @param flight under which requests for the same wait for each other
     * @param seen what Redis had for the URL by then; see {@link ResponseStore#seen}
     */
    record Found(@Nullable StoredAnswer answer, @Nullable VariantIndex index, String flight, long seen) {

        /** The same, as if there were no answer. */
        Found withoutAnswer() {
            return new Found(null, index, flight, seen);
        }
    }

    /** @param selecting the values of a header of the request */
    Mono<Found> find(AnswerKey key, Function<String, List<String>> selecting) {
        CacheKey primary = key.primary();
        return store.find(primary)
                .flatMap(bytes -> Mono.justOrEmpty(read(bytes)))
                .flatMap(kept -> switch (kept) {
                    case StoredAnswer answer ->
                        valid(key, answer)
                                .map(valid -> found(primary, valid))
                                .switchIfEmpty(Mono.fromSupplier(() -> found(primary, null)));
                    case VariantIndex index -> findVariant(key, primary, index, selecting);
                })
                .switchIfEmpty(Mono.fromSupplier(() -> found(primary, null)));
    }

    /** Callers of the same answer read it once, until it is forgotten. */
    private Optional<StoredRecord> read(byte[] bytes) {
        StoredRecord known = decoded.getIfPresent(bytes);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<StoredRecord> read = RecordCodec.decode(bytes);
        read.ifPresent(one -> decoded.put(bytes, one));
        return read;
    }

    private Found found(CacheKey primary, @Nullable StoredAnswer answer) {
        return new Found(answer, null, primary.key(), store.seen(primary));
    }

    private Mono<Found> findVariant(
            AnswerKey key, CacheKey primary, VariantIndex index, Function<String, List<String>> selecting) {
        long seen = store.seen(primary);
        String flight = key.variant(
                        index.generation(), VaryRule.valuesOf(index.varied().getFirst(), selecting))
                .key();
        return Flux.fromIterable(index.varied())
                .concatMap(names -> store.find(key.variant(index.generation(), VaryRule.valuesOf(names, selecting))))
                .flatMapIterable(bytes -> read(bytes).stream().toList())
                .ofType(StoredAnswer.class)
                .concatMap(answer -> valid(key, answer))
                .sort(Comparator.comparingLong(StoredAnswer::responseMillis).reversed())
                .next()
                .map(answer -> new Found(answer, index, flight, seen))
                .defaultIfEmpty(new Found(null, index, flight, seen));
    }

    /**
     * Keeps an answer.
     *
     * @param found before it was asked for; null when that was for a change of the URL
     * @param life for which it is of use, fresh or not
     */
    void store(
            AnswerKey key,
            StoredAnswer answer,
            @Nullable Found found,
            Function<String, List<String>> selecting,
            Duration life) {
        CacheKey primary = key.primary();
        long seen = found == null ? store.seen(primary) : found.seen();
        List<String> names = VaryRule.namesOf(answer.fields());
        if (names.isEmpty()) {
            store.putOver(seen, primary, RecordCodec.encode(answer), life, answer.requestMillis());
            return;
        }
        VariantIndex before = found == null ? null : found.index();
        VariantIndex present = store.peek(primary)
                .flatMap(this::read)
                .filter(VariantIndex.class::isInstance)
                .map(VariantIndex.class::cast)
                .orElse(before);
        if (present != null && (before == null || before.generation() != present.generation())) {
            // What is there was begun after this was asked for, perhaps after a removal.
            return;
        }
        VariantIndex now = present == null ? new VariantIndex(random.nextLong(), List.of(names)) : present;
        now = now.knows(names) ? now : now.with(names);
        // The index is written each time: it has to live as long as the last of its answers.
        store.putOver(seen, primary, RecordCodec.encode(now), groupLife, answer.requestMillis());
        store.put(
                key.variant(now.generation(), VaryRule.valuesOf(names, selecting)),
                RecordCodec.encode(answer),
                life,
                answer.requestMillis());
    }

    /** All answers for the URL. */
    void remove(AnswerKey key) {
        store.remove(key.primary());
    }

    /** All answers that belong to a group by now (RFC 9875, section 3). */
    void removeGroup(AnswerKey key, String group) {
        store.replace(key.group(group), now(), groupLife);
    }

    @Override
    public void removed(CacheKey key) {
        if (AnswerKey.isGroup(key)) {
            store.replaceHere(key, now(), groupLife);
        } else {
            store.removeHere(key);
        }
    }

    @Override
    public void missedSome() {
        store.distrustCopies();
    }

    private byte[] now() {
        return ByteBuffer.allocate(Long.BYTES).putLong(clock.millis()).array();
    }

    /** The answer, unless one of its groups was invalidated after it was asked for. */
    private Mono<StoredAnswer> valid(AnswerKey key, StoredAnswer answer) {
        List<String> groups = answer.groups();
        Mono<Boolean> invalidated = groups.isEmpty()
                ? NO_GROUPS
                : Flux.fromIterable(groups)
                        .concatMap(group -> invalidatedMillis(key, group))
                        .any(millis -> millis >= answer.requestMillis());
        return invalidated.filter(gone -> !gone).map(valid -> answer);
    }

    private Mono<Long> invalidatedMillis(AnswerKey key, String group) {
        long start = clock.millis();
        return store.find(key.group(group))
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    store.keepNear(key.group(group), NEVER, maxNearAge, start);
                    return NEVER;
                }))
                .map(bytes -> ByteBuffer.wrap(bytes).getLong());
    }
}
