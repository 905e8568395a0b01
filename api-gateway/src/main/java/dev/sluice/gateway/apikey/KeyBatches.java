package dev.sluice.gateway.apikey;

import dev.sluice.gateway.apikey.KeyResults.Result;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.ApiKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes and revokes many keys in one request; an item that is refused stops no other. */
final class KeyBatches {

    static final int MOST = 100;

    /** Writes on their way to the log. */
    private static final int AT_ONCE = 8;

    private static final String ITEMS = "items";
    private static final String IDS = "ids";

    private final ApiKeys keys;
    private final AuditPublisher audit;

    KeyBatches(ApiKeys keys, AuditPublisher audit) {
        this.keys = keys;
        this.audit = audit;
    }

    Mono<KeyResults> create(CreateApiKeys wanted, Wait wait, ServerWebExchange exchange) {
        requireSize(ITEMS, wanted.items());
        return Flux.fromStream(IntStream.range(0, wanted.items().size()).boxed())
                .flatMapSequential(i -> asOutcome(() -> made(wanted.items().get(i), exchange)), AT_ONCE)
                .collectList()
                .flatMap(made -> results(ITEMS, made, wait));
    }

    Mono<KeyResults> revoke(RevokeApiKeys wanted, Wait wait, ServerWebExchange exchange) {
        requireSize(IDS, wanted.ids());
        requireDistinct(wanted.ids());
        return Flux.fromStream(IntStream.range(0, wanted.ids().size()).boxed())
                .flatMapSequential(i -> asOutcome(() -> revoked(wanted.ids().get(i), exchange)), AT_ONCE)
                .collectList()
                .flatMap(revoked -> results(IDS, revoked, wait));
    }

    /** A change that was made, and how it is told; or why it was not. */
    private sealed interface Outcome {

        record Made(Change<NewKey> change) implements Outcome {}

        record Revoked(Change<ApiKey> change) implements Outcome {}

        record Refused(ProblemException problem) implements Outcome {}
    }

    private Mono<Outcome> made(@Nullable CreateApiKey item, ServerWebExchange exchange) {
        if (item == null) {
            throw new ProblemException(ProblemType.WRONG_TYPE, "Send an object.");
        }
        return keys.create(item)
                .flatMap(change ->
                        record(exchange, change.subject().key(), "key.create").thenReturn(new Outcome.Made(change)));
    }

    private Mono<Outcome> revoked(@Nullable String id, ServerWebExchange exchange) {
        if (id == null) {
            throw new ProblemException(ProblemType.WRONG_TYPE, "Send the id of a key.");
        }
        return keys.revoke(id)
                .flatMap(change ->
                        record(exchange, change.subject(), "key.revoke").thenReturn(new Outcome.Revoked(change)));
    }

    private Mono<Void> record(ServerWebExchange exchange, ApiKey key, String action) {
        return audit.record(exchange, key.getTenant(), action, "key/" + key.getId());
    }

    private static Mono<Outcome> asOutcome(Supplier<Mono<Outcome>> change) {
        return Mono.defer(change)
                .onErrorResume(ProblemException.class, problem -> Mono.just(new Outcome.Refused(problem)));
    }

    /** Waits, where that is wanted, for all changes at once. */
    private static Mono<KeyResults> results(String field, List<Outcome> outcomes, Wait wait) {
        return Flux.fromIterable(outcomes)
                .flatMapSequential(outcome -> result(outcome, wait), MOST)
                .collectList()
                .map(results -> new KeyResults(field, results));
    }

    private static Mono<Result> result(Outcome outcome, Wait wait) {
        return switch (outcome) {
            case Outcome.Made(Change<NewKey> change) ->
                wait.on(change)
                        .map(end -> Result.done(HttpStatus.CREATED, KeyAnswer.of(change.subject(), end)))
                        .defaultIfEmpty(Result.done(HttpStatus.CREATED, KeyAnswer.of(change.subject(), null)));
            case Outcome.Revoked(Change<ApiKey> change) ->
                wait.on(change)
                        .map(end -> Result.done(
                                end.complete() ? HttpStatus.OK : HttpStatus.ACCEPTED,
                                KeyAnswer.of(change.subject(), end)))
                        .defaultIfEmpty(Result.done(HttpStatus.OK, KeyAnswer.of(change.subject(), null)));
            case Outcome.Refused(ProblemException problem) -> Mono.just(Result.refused(problem));
        };
    }

    private static void requireSize(String field, List<?> items) {
        if (items.isEmpty() || items.size() > MOST) {
            throw ProblemException.ofField(ProblemType.INVALID_FIELD, field, "Send 1 to " + MOST + " " + field + ".");
        }
    }

    private static void requireDistinct(List<@Nullable String> ids) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (id != null && !seen.add(id)) {
                throw ProblemException.ofField(ProblemType.INVALID_FIELD, IDS + "[" + i + "]", "Name every key once.");
            }
        }
    }
}
