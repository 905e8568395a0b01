package dev.sluice.gateway.responsecache;

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
final class Library {

    private static final Mono<Boolean> NO_GROUPS = Mono.just(false);
    private static final byte[] NEVER =
            ByteBuffer.allocate(Long.BYTES).putLong(Long.MIN_VALUE).array();

    private final ResponseStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Duration maxNearAge;
    private final Duration groupLife;

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
     */
    record Found(@Nullable StoredAnswer answer, @Nullable VariantIndex index, String flight) {}

    /** @param selecting the values of a header of the request */
    Mono<Found> find(AnswerKey key, Function<String, List<String>> selecting) {
        return store.find(key.primary())
                .flatMap(bytes -> Mono.justOrEmpty(RecordCodec.decode(bytes)))
                .flatMap(kept -> switch (kept) {
                    case StoredAnswer answer ->
                        valid(key, answer)
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty())
                                .map(found -> new Found(
                                        found.orElse(null), null, key.primary().key()));
                    case VariantIndex index -> findVariant(key, index, selecting);
                })
                .switchIfEmpty(Mono.fromSupplier(
                        () -> new Found(null, null, key.primary().key())));
    }

    private Mono<Found> findVariant(AnswerKey key, VariantIndex index, Function<String, List<String>> selecting) {
        String flight = key.variant(
                        index.generation(), VaryRule.valuesOf(index.varied().getFirst(), selecting))
                .key();
        return Flux.fromIterable(index.varied())
                .concatMap(names -> store.find(key.variant(index.generation(), VaryRule.valuesOf(names, selecting))))
                .flatMapIterable(bytes -> RecordCodec.decode(bytes).stream().toList())
                .ofType(StoredAnswer.class)
                .concatMap(answer -> valid(key, answer))
                .sort(Comparator.comparingLong(StoredAnswer::responseMillis).reversed())
                .next()
                .map(answer -> new Found(answer, index, flight))
                .defaultIfEmpty(new Found(null, index, flight));
    }

    /**
     * Keeps an answer.
     *
     * @param index what was found for the URL before, if anything
     * @param life for which it is of use, fresh or not
     */
    void store(
            AnswerKey key,
            StoredAnswer answer,
            @Nullable VariantIndex index,
            Function<String, List<String>> selecting,
            Duration life) {
        List<String> names = VaryRule.namesOf(answer.fields());
        if (names.isEmpty()) {
            store.put(key.primary(), RecordCodec.encode(answer), life, answer.requestMillis());
            return;
        }
        VariantIndex before = store.peek(key.primary())
                .flatMap(RecordCodec::decode)
                .filter(VariantIndex.class::isInstance)
                .map(VariantIndex.class::cast)
                .orElse(index);
        VariantIndex now = before == null ? new VariantIndex(random.nextLong(), List.of(names)) : before;
        now = now.knows(names) ? now : now.with(names);
        // The index is written each time: it has to live as long as the last of its answers.
        store.put(key.primary(), RecordCodec.encode(now), groupLife, answer.requestMillis());
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
        byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(clock.millis()).array();
        store.replace(key.group(group), now, groupLife);
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
