package dev.sluice.metrics.partition;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.streams.PartitionOwners;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.Map;
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
import reactor.util.retry.Retry;

/**
 * Puts a question to every partition, each at the one instance that has it, and adds the answers up. An answer is of all
 * partitions or it is a problem: each is asked for by its number, and who does not have it says so. Tried again for as long
 * as a rebalance takes that moves nothing. Thread-safe.
 */
public final class PartitionAnswers {
    private static final String RETRY_AFTER_SECONDS = "2";

    /** Longer ones are the client's to wait for. */
    private static final Retry SHORT_WAIT = Retry.fixedDelay(8, Duration.ofMillis(125))
            .filter(StoresNotReadyException.class::isInstance)
            .onRetryExhaustedThrow((retry, last) -> last.failure());

    private final Function<String, PartitionOwners> owners;
    private final Peers peers;
    private final Duration deadline;

    /**
     * Answers.
     *
     * @param owners who has which partition of a store now
     * @param deadline for an answer in all
     */
    PartitionAnswers(Function<String, PartitionOwners> owners, Peers peers, Duration deadline) {
        this.owners = owners;
        this.peers = peers;
        this.deadline = deadline;
    }

    /** The answer of all partitions; a problem with Retry-After when one of them cannot be asked. */
    public <T> Mono<T> answer(PartitionQuestion<T> question) {
        return Mono.defer(() -> gather(question))
                .retryWhen(SHORT_WAIT)
                .timeout(deadline)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new StoresNotReadyException("an instance does not answer", late))
                .onErrorMap(StoresNotReadyException.class, PartitionAnswers::notReady);
    }

    /** What this instance has to say to another one that asks; the other tries again. */
    public Mono<byte[]> share(Callable<byte[]> read) {
        return Mono.fromCallable(read)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(StoresNotReadyException.class, PartitionAnswers::notReady);
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
                .onErrorMap(
                        MalformedBytesException.class,
                        e -> new StoresNotReadyException("an instance of another version has a part of them", e));
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
