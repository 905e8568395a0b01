package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.Scenario.Deed;
import dev.sluice.cache.engine.Truth.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Those who use the caches of an {@link ExploredWorld}, as the service does it for them: a change is announced, then answered. */
final class ExploredClients {

    private static final LoadPatience PATIENCE = new LoadPatience(Duration.ofDays(2), Duration.ofDays(2));

    private final Lifetime life;
    private final ExploredWorld world;
    private final Truth truth;
    private final Schedule schedule;

    /** The version that somebody was told of a key. */
    private final Map<CacheKey, Long> versions = new HashMap<>();

    private final List<Epoch> renounced = new ArrayList<>();

    ExploredClients(ExploredWorld world, Set<Scenario.World> kind) {
        Lifetime always = new Lifetime(Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO);
        this.life = kind.contains(Scenario.World.IDLING) ? always.withIdle(ExploredRedis.IDLE) : always;
        this.world = world;
        this.truth = world.truth();
        this.schedule = world.schedule();
    }

    /** One after the other. */
    void follow(ExploredNode node, CacheKey key, Iterator<Deed> deeds) {
        if (!deeds.hasNext()) {
            return;
        }
        Deed deed = deeds.next();
        String what = "a client of " + node + " begins " + deed + ' ' + key.key();
        if (deed == Deed.SWEEP) {
            schedule.offer("a sweep", world::maySweep, () -> world.sweep(node));
            return;
        }
        schedule.offer(what, node::mayAct, () -> {
            node.waiting++;
            perform(deed, node, key, () -> {
                node.waiting--;
                follow(node, key, deeds);
            });
        });
    }

    private void perform(Deed deed, ExploredNode node, CacheKey key, Runnable done) {
        switch (deed) {
            case GET -> read(node, key, done);
            case GET_ALL -> readAll(node, done);
            case GET_AT_LEAST -> readAtLeast(node, key, done);
            case LEASED_GET -> leased(node, key, done);
            case LOADING_GET -> loading(node, key, done);
            case PUT -> put(node, key, truth.atOrigin(key), Condition.any(), done);
            case PUT_OR_KEEP -> putOrKeep(node, key, truth.newValue(), done);
            case PUT_IF_ABSENT -> put(node, key, truth.atOrigin(key), Condition.absent(), done);
            case PUT_OVER_VERSION ->
                put(node, key, truth.atOrigin(key), Condition.version(versions.getOrDefault(key, 1L)), done);
            case DELETE -> delete(node, key, done);
            case PURGE_TAG -> purge(node, key, PurgeScope.tag("t"), false, done);
            case PURGE_PREFIX -> purge(node, key, PurgeScope.prefix("a"), false, done);
            case PURGE_NAMESPACE -> purge(node, key, PurgeScope.wholeNamespace(), false, done);
            case SOFT_PURGE -> purge(node, key, PurgeScope.tag("t"), true, done);
            case CUT -> {
                world.cut(node, () -> {});
                done.run();
            }
            case CRASH -> {
                world.crash(node);
                done.run();
            }
            case CLOCK_BACK -> {
                world.redisClock.advance(Duration.ofHours(-1));
                done.run();
            }
            case DRAIN -> {
                if (node.mayHear()) {
                    world.drain(node);
                }
                done.run();
            }
            case LOSE -> {
                world.happenings.lose(key);
                done.run();
            }
            case DEAFEN -> {
                world.happenings.deafen(node);
                done.run();
            }
            case WAIT -> {
                world.happenings.pass();
                done.run();
            }
            case SWEEP -> throw new IllegalArgumentException("nobody's own deed");
        }
    }

    /** A value in both levels, without steps in between. */
    void prime(ExploredNode node, CacheKey key) {
        perform(Deed.PUT, node, key, () -> {});
        schedule.takeAll();
        schedule.note("-- " + node + " has a copy");
    }

    void read(ExploredNode node, CacheKey key, Runnable done) {
        Known asked = world.startToRead(node);
        answer(node, key, node.cache().get(key), asked, done);
    }

    private void readAll(ExploredNode node, Runnable done) {
        Known asked = world.startToRead(node);
        List<CacheKey> all = world.keys();
        world.await(
                node.cache().getAll(all),
                results -> {
                    for (int i = 0; i < all.size(); i++) {
                        world.check(node, all.get(i), results.get(i), asked);
                    }
                    done.run();
                },
                error -> done.run());
    }

    /** With the version that another client was told, wherever that was. */
    private void readAtLeast(ExploredNode node, CacheKey key, Runnable done) {
        Known asked = world.startToRead(node);
        long version = versions.getOrDefault(key, 1L);
        if (version > 1) {
            asked.learn(truth.change(List.of(key), version));
        }
        Mono<ReadResult> read = world.lacks(Guard.MIN_VERSION)
                ? node.cache().get(key)
                : node.cache().get(key, StaleReads.WHILE_REVALIDATING, version);
        answer(node, key, read, asked, done);
    }

    private void answer(ExploredNode node, CacheKey key, Mono<ReadResult> read, Known asked, Runnable done) {
        world.await(
                read,
                result -> {
                    world.check(node, key, result, asked);
                    done.run();
                },
                error -> done.run());
    }

    private void leased(ExploredNode node, CacheKey key, Runnable done) {
        Known asked = world.startToRead(node);
        world.await(
                node.cache().getOrLease(key),
                read -> {
                    world.check(node, key, read.result(), asked);
                    if (read.lease().orElse(null) instanceof Lease.Granted granted) {
                        make(node, key, granted.token(), done);
                    } else {
                        done.run();
                    }
                },
                error -> done.run());
    }

    private void make(ExploredNode node, CacheKey key, long token, Runnable done) {
        schedule.offer("a client of " + node + " reads the origin of " + key.key(), node::mayAct, () -> {
            CacheValue value = truth.atOrigin(key);
            schedule.offer(
                    "it puts " + Truth.nameOf(value) + " under its lease",
                    node::mayAct,
                    () -> put(node, key, value, Condition.lease(token), done));
        });
    }

    private void loading(ExploredNode node, CacheKey key, Runnable done) {
        Known asked = world.startToRead(node);
        Loader loader = (loaded, stale) -> {
            Sinks.One<Loaded> sink = Sinks.one();
            schedule.offer(node + " reads the origin of " + key.key(), node::mayAct, () -> {
                Loaded made = new Loaded(truth.atOrigin(key), life);
                schedule.offer(
                        node + " is answered " + Truth.nameOf(made.value()) + " by the origin",
                        node::mayAct,
                        () -> sink.tryEmitValue(made));
            });
            node.calls++;
            return sink.asMono().doFinally(ignored -> node.calls--);
        };
        answer(node, key, node.cache().get(key, loader, PATIENCE), asked, done);
    }

    private void put(ExploredNode node, CacheKey key, CacheValue value, Condition condition, Runnable done) {
        world.await(
                node.cache().put(key, value, life, condition),
                put -> {
                    versions.put(key, put.entry().version());
                    world.publish(node, key, put.entry().version(), done);
                },
                error -> failed(node, key, error, done));
    }

    private void putOrKeep(ExploredNode node, CacheKey key, CacheValue value, Runnable done) {
        world.await(
                node.cache().put(key, value, life, Condition.any()),
                put -> world.publish(node, key, put.entry().version(), done),
                error -> {
                    failed(node, key, error, () -> {});
                    // By another name, so that it shows which of the two is read.
                    keep(node, key, truth.newValue(), done);
                });
    }

    /** Nothing is kept while the second level answers others. */
    private void keep(ExploredNode node, CacheKey key, CacheValue value, Runnable done) {
        Epoch epoch;
        try {
            epoch = node.cache().renounce(key);
        } catch (SecondLevelUnavailableException e) {
            done.run();
            return;
        }
        Truth.Change change = truth.renounce(key, epoch);
        world.renounced(change, epoch);
        world.publish(node, change, () -> {
            renounced.add(epoch);
            truth.announced(change);
            truth.seal(value);
            world.await(node.cache().putHere(key, value, life), kept -> done.run(), error -> done.run());
        });
    }

    /** What the log has of keys that nodes keep alone. */
    List<Epoch> renounced() {
        return renounced;
    }

    private void delete(ExploredNode node, CacheKey key, Runnable done) {
        truth.changeAtOrigin(key);
        if (world.lacks(Guard.SCRIPT_BEFORE_LOG)) {
            world.doubt(node, key);
        }
        Mono<DeleteResult> delete = node.cache().delete(key, Condition.any());
        if (world.lacks(Guard.SCRIPT_BEFORE_OWN_COPY)) {
            node.cache().invalidate(key, Long.MAX_VALUE);
            delete = new StepwiseSecondLevel(world.redis, node, world).delete(key, Condition.any());
        }
        world.await(
                delete,
                deleted -> {
                    if (world.lacks(Guard.SCRIPT_BEFORE_LOG)) {
                        world.acknowledge(truth.change(List.of(key), deleted.version()));
                        done.run();
                    } else {
                        world.publish(node, key, deleted.version(), done);
                    }
                },
                error -> failed(node, key, error, done));
    }

    private void purge(ExploredNode node, CacheKey key, PurgeScope scope, boolean soft, Runnable done) {
        truth.changeAtOrigin(key);
        Purge purge = new Purge(key.tenant(), key.namespace(), List.of(scope), soft);
        world.await(
                node.cache().purge(purge),
                issued -> world.publish(
                        node,
                        truth.change(world.covered(purge), issued.getFirst().number()),
                        done),
                error -> done.run());
    }

    /** As the service does it: when nobody knows whether there was a change, all copies go. */
    private void failed(ExploredNode node, CacheKey key, Throwable error, Runnable done) {
        if (error instanceof SecondLevelUnavailableException away && away.mayHaveHappened()) {
            world.publishDoubt(node, key, done);
        } else {
            done.run();
        }
    }
}
