package dev.sluice.metrics.partition;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.streams.PartitionOwners;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/**
 * Puts a question to every partition, each at the one instance that has it, and adds the answers up. An answer is of all
 * partitions or it is a problem: each is asked for by its number, and who does not have it says so. Tried again for as long
 * as a rebalance takes that moves nothing; after that a request is answered from copies, which it says. Thread-safe.
 */
public final class PartitionAnswers {
    private static final String RETRY_AFTER_SECONDS = "2";

    /** Longer ones are the client's to wait for. */
    private static final Retry SHORT_WAIT = again(8);

    /** Where copies would do; ends with the reason of the last before {@link #FRESH_PATIENCE} does without one. */
    private static final Retry SHORTER_WAIT = again(3);

    /** So long the windows themselves are tried where copies would do. */
    private static final Duration FRESH_PATIENCE = Duration.ofMillis(500);

    private final Function<String, PartitionOwners> owners;
    private final Function<String, PartitionOwners> lastOwners;
    private final Peers peers;
    private final Duration deadline;

    /**
     * Answers.
     *
     * @param owners who has which partition of a store now
     * @param lastOwners who had it when that was last known, and who keeps copies
     * @param deadline for an answer in all
     */
    PartitionAnswers(
            Function<String, PartitionOwners> owners,
            Function<String, PartitionOwners> lastOwners,
            Peers peers,
            Duration deadline) {
        this.owners = owners;
        this.lastOwners = lastOwners;
        this.peers = peers;
        this.deadline = deadline;
    }

    /**
     * The answer of all partitions; a problem with Retry-After when one of them can be asked for neither its windows nor a copy. Copies are for requests,
     * which can say so; whoever asks without one, and {@link #freshOnly}, is not given any.
     */
    public <T> Mono<T> answer(PartitionQuestion<T> question) {
        return Mono.deferContextual(context -> fresh(question, context.getOrEmpty(Copies.class)))
                .timeout(deadline)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new StoresNotReadyException("an instance does not answer", late))
                .onErrorMap(StoresNotReadyException.class, PartitionAnswers::notReady);
    }

    /** For those who must not be told what is not complete. */
    public static Context freshOnly(Context context) {
        return context.delete(Copies.class);
    }

    /** What this instance has to say to another one that asks; the other tries again. */
    public Mono<byte[]> share(Callable<byte[]> read) {
        return Mono.deferContextual(context -> Mono.fromCallable(() -> shared(context.getOrEmpty(Copies.class), read)))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(StoresNotReadyException.class, PartitionAnswers::notReady);
    }

    private static byte[] shared(Optional<Copies> copies, Callable<byte[]> read) throws Exception {
        return copies.isPresent() && copies.get().isAsked() ? copies.get().read(read) : read.call();
    }

    private <T> Mono<T> fresh(PartitionQuestion<T> question, Optional<Copies> copies) {
        Mono<T> once = Mono.defer(() -> gather(question));
        if (copies.isEmpty()) {
            return once.retryWhen(SHORT_WAIT);
        }
        return once.retryWhen(SHORTER_WAIT)
                .timeout(FRESH_PATIENCE, Mono.error(() -> new StoresNotReadyException("an instance does not answer")))
                // Where nobody has a copy, the windows themselves are waited for as long as ever.
                .onErrorResume(
                        StoresNotReadyException.class,
                        reason -> gatherCopies(question, copies.get())
                                .onErrorResume(StoresNotReadyException.class, none -> once.retryWhen(SHORT_WAIT)));
    }

    private static Retry again(int times) {
        return Retry.fixedDelay(times, Duration.ofMillis(125))
                .filter(StoresNotReadyException.class::isInstance)
                .onRetryExhaustedThrow((retry, last) -> last.failure());
    }

    private <T> Mono<T> gatherCopies(PartitionQuestion<T> question, Copies copies) {
        return Mono.defer(() -> {
            PartitionOwners last = lastOwners.apply(question.store());
            return Flux.fromIterable(last.byPartition().keySet())
                    .flatMap(partition -> firstCopy(question, partition, last, copies))
                    .reduce(question::plus);
        });
    }

    private <T> Mono<T> firstCopy(PartitionQuestion<T> question, int partition, PartitionOwners last, Copies copies) {
        Mono<T> found = Mono.error(() -> new StoresNotReadyException("nobody has a copy"));
        for (HostInfo host : last.candidates(partition).reversed()) {
            Mono<T> others = found;
            found = copy(question, host, partition, last.self(), copies)
                    .onErrorResume(StoresNotReadyException.class, none -> others);
        }
        return found;
    }

    private <T> Mono<T> copy(
            PartitionQuestion<T> question, HostInfo host, int partition, HostInfo self, Copies copies) {
        if (host.equals(self)) {
            return Mono.fromCallable(() -> copies.read(() -> question.read(Set.of(partition))))
                    .subscribeOn(Schedulers.boundedElastic());
        }
        return peers.askCopy(host, question, partition)
                .map(answer -> {
                    copies.add(answer.lagRecords());
                    return answer.share();
                })
                .onErrorMap(MalformedBytesException.class, PartitionAnswers::ofAnotherVersion);
    }

    private <T> Mono<T> gather(PartitionQuestion<T> question) {
        PartitionOwners now = owners.apply(question.store());
        Map<HostInfo, Set<Integer>> byOwner = new TreeMap<>(PartitionAnswers::compare);
        now.byPartition()
                .forEach((partition, owner) -> byOwner.computeIfAbsent(owner, absent -> new TreeSet<>())
                        .add(partition));
        return Flux.fromIterable(byOwner.entrySet())
                .flatMap(owned -> part(question, owned.getKey(), owned.getValue(), now.self()))
                .reduce(question::plus);
    }

    private <T> Mono<T> part(PartitionQuestion<T> question, HostInfo owner, Set<Integer> partitions, HostInfo self) {
        if (owner.equals(self)) {
            return Mono.fromCallable(() -> question.read(partitions)).subscribeOn(Schedulers.boundedElastic());
        }
        return peers.ask(owner, question, partitions)
                .map(question::decode)
                .onErrorMap(MalformedBytesException.class, PartitionAnswers::ofAnotherVersion);
    }

    private static StoresNotReadyException ofAnotherVersion(MalformedBytesException e) {
        return new StoresNotReadyException("an instance of another version has a part of them", e);
    }

    private static int compare(HostInfo left, HostInfo right) {
        int byHost = left.host().compareTo(right.host());
        return byHost == 0 ? Integer.compare(left.port(), right.port()) : byHost;
    }

    private static ProblemException notReady(StoresNotReadyException reason) {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "Try again in " + RETRY_AFTER_SECONDS + " seconds; " + reason.getMessage() + ".")
                .withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
}
