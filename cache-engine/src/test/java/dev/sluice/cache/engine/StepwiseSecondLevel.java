package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Truth.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The second level as one node of an {@link ExploredWorld} sees it: that a call is carried out is one step, that its
 * answer arrives another, and any of both may come after whatever else happens.
 */
final class StepwiseSecondLevel implements SecondLevel {

    private final FakeSecondLevel redis;
    private final ExploredNode node;
    private final ExploredWorld world;

    StepwiseSecondLevel(FakeSecondLevel redis, ExploredNode node, ExploredWorld world) {
        this.redis = redis;
        this.node = node;
        this.world = world;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return call("GET " + key.key(), () -> redis.fetch(key), found -> {});
    }

    @Override
    public int mostAtOnce() {
        return redis.mostAtOnce();
    }

    @Override
    public Mono<Map<CacheKey, Optional<Fetched>>> fetchAll(List<CacheKey> keys) {
        return call("GET of " + keys.size(), () -> redis.fetchAll(keys), found -> {});
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return call("STAMP " + key.key(), () -> redis.stamp(key), stamp -> {});
    }

    @Override
    public Mono<Written> put(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience) {
        AtomicBoolean givenUp = new AtomicBoolean();
        return change(
                        "PUT " + key.key() + ' ' + Truth.nameOf(value) + " if " + condition,
                        () -> givenUp.get() && !world.lacks(Guard.MADE_IN_TIME)
                                ? Mono.empty()
                                : redis.put(key, value, lifetime, condition),
                        written -> world.happenings.changed(key, world.truth().put(key, value, written.version())))
                .doOnError(TimeoutException.class, error -> {
                    givenUp.set(true);
                    world.truth().seal(value);
                });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return change(
                "DELETE " + key.key(),
                () -> redis.delete(key, condition),
                deleted -> world.happenings.changed(key, world.truth().delete(key, deleted.version())));
    }

    @Override
    public Mono<Duration> touch(CacheKey key, long version) {
        return call("TOUCH " + key.key(), () -> redis.touch(key, version), touched -> world.happenings.moved(key));
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return call(
                "LEASE " + key.key(), () -> redis.lease(key, seenVersion, life), lease -> world.happenings.moved(key));
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return call("RELEASE " + key.key(), () -> redis.release(key, token), released -> {});
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return change("PURGE", () -> redis.purge(purge), number -> {
            List<CacheKey> covered = world.covered(purge);
            Change change = world.truth().purge(covered, number, purge.soft());
            world.purged(change, purge.epochs(number));
        });
    }

    @Override
    public Mono<Purges> purges(String tenant) {
        return call("PURGES?", () -> redis.purges(tenant), purges -> {});
    }

    @Override
    public Mono<Boolean> sweep(CacheKey key, long version, long epoch) {
        return call("SWEEP " + key.key(), () -> redis.sweep(key, version, epoch), swept -> {});
    }

    private <T> Mono<T> change(String what, Supplier<Mono<T>> act, Consumer<T> executed) {
        return Mono.defer(() -> {
            world.changesUnderWay(1);
            return call(what, act, executed).doFinally(ignored -> world.changesUnderWay(-1));
        });
    }

    private <T> Mono<T> call(String what, Supplier<Mono<T>> act, Consumer<T> executed) {
        return Mono.defer(() -> {
            node.calls++;
            return begun(what, act, executed).doFinally(ignored -> node.calls--);
        });
    }

    private <T> Mono<T> begun(String what, Supplier<Mono<T>> act, Consumer<T> executed) {
        Sinks.One<T> sink = Sinks.one();
        Schedule schedule = world.schedule();
        boolean lost = world.losesTheAnswer();
        schedule.offer("Redis carries out " + what + " for " + node, () -> true, () -> {
            Runnable answer = execute(act, executed, sink);
            if (!lost) {
                schedule.offer(node + " is answered " + what, node::mayAct, answer);
            }
        });
        if (lost) {
            schedule.offer(
                    node + " gives up " + what,
                    node::mayAct,
                    () -> sink.tryEmitError(new TimeoutException("told to lose the answer")));
        }
        return sink.asMono();
    }

    private <T> Runnable execute(Supplier<Mono<T>> act, Consumer<T> executed, Sinks.One<T> sink) {
        try {
            T result = act.get().block();
            if (result == null) {
                world.schedule().note("     nothing");
                return sink::tryEmitEmpty;
            }
            executed.accept(result);
            world.schedule().note("     " + shortly(result));
            return () -> sink.tryEmitValue(result);
        } catch (ConditionFailedException e) {
            world.schedule().note("     refused");
            return () -> sink.tryEmitError(e);
        }
    }

    private static Object shortly(Object result) {
        if (result instanceof Map<?, ?> all) {
            return all.values().stream()
                    .map(found -> found instanceof Optional<?> one && one.isPresent() ? shortly(one.get()) : "nothing")
                    .toList();
        }
        return result instanceof Fetched fetched ? Truth.nameOf(fetched.value()) : result;
    }
}
