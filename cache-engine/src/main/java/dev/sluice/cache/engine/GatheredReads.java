package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Fetched;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Reads of the second level that are begun by themselves and asked for together. Those that begin after they were sent, and those that
 * the answer leaves out, ask by themselves. Thread-safe.
 */
final class GatheredReads extends Gathered<GatheredReads.Question> {

    private final SecondLevel second;

    /** One read. */
    record Question(CacheKey key, MonoSink<Fetched> asker) {}

    GatheredReads(SecondLevel second) {
        super(second);
        this.second = second;
    }

    /** As {@link SecondLevel#fetch}; waits for {@link #send}. */
    Mono<Fetched> fetch(CacheKey key) {
        return Mono.create(asker -> begin(new Question(key, asker)));
    }

    @Override
    void together(List<Question> all) {
        all.stream()
                .collect(Collectors.groupingBy(question -> question.key.tenant()))
                .values()
                .forEach(this::inParts);
    }

    private void inParts(List<Question> questions) {
        int most = second.mostAtOnce();
        for (int from = 0; from < questions.size(); from += most) {
            askFor(questions.subList(from, Math.min(from + most, questions.size())));
        }
    }

    private void askFor(Collection<Question> questions) {
        List<CacheKey> keys = questions.stream().map(Question::key).toList();
        second.fetchAll(keys)
                .defaultIfEmpty(Map.of())
                .subscribe(
                        found -> questions.forEach(question -> answer(question, found)),
                        error -> questions.forEach(question -> question.asker.error(error)));
    }

    private void answer(Question question, Map<CacheKey, Optional<Fetched>> found) {
        Optional<Fetched> fetched = found.get(question.key);
        if (fetched == null) {
            alone(question);
        } else {
            fetched.ifPresentOrElse(question.asker::success, question.asker::success);
        }
    }

    @Override
    void alone(Question question) {
        MonoSink<Fetched> asker = question.asker;
        asker.onDispose(second.fetch(question.key).subscribe(asker::success, asker::error, asker::success));
    }
}
