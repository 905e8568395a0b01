package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Scenario.Deed.CLOCK_BACK;
import static dev.sluice.cache.engine.Scenario.Deed.CRASH;
import static dev.sluice.cache.engine.Scenario.Deed.CUT;
import static dev.sluice.cache.engine.Scenario.Deed.DEAFEN;
import static dev.sluice.cache.engine.Scenario.Deed.DELETE;
import static dev.sluice.cache.engine.Scenario.Deed.GET;
import static dev.sluice.cache.engine.Scenario.Deed.GET_AT_LEAST;
import static dev.sluice.cache.engine.Scenario.Deed.LEASED_GET;
import static dev.sluice.cache.engine.Scenario.Deed.LOADING_GET;
import static dev.sluice.cache.engine.Scenario.Deed.LOSE;
import static dev.sluice.cache.engine.Scenario.Deed.PURGE_TAG;
import static dev.sluice.cache.engine.Scenario.Deed.PUT;
import static dev.sluice.cache.engine.Scenario.Deed.PUT_OR_KEEP;
import static dev.sluice.cache.engine.Scenario.Deed.SOFT_PURGE;
import static dev.sluice.cache.engine.Scenario.Deed.SWEEP;
import static dev.sluice.cache.engine.Scenario.Deed.WAIT;
import static dev.sluice.cache.engine.Scenario.Fault.LOST_ANSWERS;
import static dev.sluice.cache.engine.Scenario.World.IDLING;
import static dev.sluice.cache.engine.Scenario.World.TELLING;
import static dev.sluice.cache.engine.Scenario.World.TIMELY;
import static dev.sluice.cache.engine.Scenario.on;

import dev.sluice.cache.engine.FakeSecondLevel.Weakness;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What keeps old values from being read: each can be left out, and then some order of a few steps ends in one. */
@SuppressWarnings("ImmutableEnumChecker") // made of records and lambdas without state
enum Guard {
    /** A fetch is kept only if its key cannot have changed since before it was asked. */
    FILL_GUARD(Scenario.scripted(false, true, on(1, GET), on(0, PUT)), (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return super.firstLevel(setup.with(new Trusting(setup.guard())));
        }
    }),
    /** A put is kept only if nothing was heard of its key since before it was asked. */
    WRITE_GUARD(Scenario.scripted(false, false, on(0, PUT), on(1, DELETE)), (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return super.firstLevel(setup.with(new Trusting(setup.guard())));
        }
    }),
    /** That check and the keeping are one step for the key. */
    CHECK_INSIDE_COMPUTE(Scenario.scripted(false, true, on(1, GET), on(0, PUT)), (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return new Landing.Unlocked(setup, node, schedule);
        }
    }),
    /** A copy that was being kept while all were dropped is dead. */
    GENERATION(Landing.SCENARIO, (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return new Landing(setup, node, schedule, false);
        }
    }),
    /** A read after an invalidation does not wait for a fetch from before it. */
    FLIGHT_AFTER_INVALIDATION(
            Scenario.scripted(false, true, on(1, GET), on(1, GET), on(0, PUT)), (node, schedule) -> new SmallParts() {
                @Override
                SingleFlight flights(FillGuard guard, Epochs epochs) {
                    return super.flights(new Trusting(guard), epochs);
                }
            }),
    /** A read after a purge does not wait for a fetch from before it. */
    FLIGHT_AFTER_PURGE(
            Scenario.scripted(true, false, on(1, LOADING_GET), on(1, LOADING_GET), on(0, PURGE_TAG)),
            (node, schedule) -> new SmallParts() {
                @Override
                SingleFlight flights(FillGuard guard, Epochs epochs) {
                    return super.flights(guard, new Epochs());
                }
            }),
    LEASE_VOIDED_BY_DELETE(
            Scenario.scripted(true, false, on(0, LEASED_GET), on(1, DELETE)), Weakness.LEASE_SURVIVES_DELETE),
    LEASE_HAS_AN_END(
            Scenario.scripted(true, true, on(0, LEASED_GET), on(1, SOFT_PURGE, SOFT_PURGE, SWEEP)),
            Weakness.LEASE_WITHOUT_END),
    /** A put whose asker has given up is not made behind what was put since. */
    MADE_IN_TIME(Scenario.scripted(false, true, on(0, PUT), on(1, PUT, GET)).with(LOST_ANSWERS)),
    /** What a node keeps alone is newer than all that others may find in the second level when it is back. */
    RENOUNCED_FIRST(
            Scenario.scripted(false, true, on(0, PUT_OR_KEEP), on(1, GET))
                    .with(LOST_ANSWERS)
                    .in(TIMELY),
            (node, schedule) -> new SmallParts() {
                @Override
                Epochs epochs() {
                    return new Epochs() {
                        @Override
                        void add(Epoch epoch) {
                            if (epoch.scope().kind() != PurgeScope.Kind.KEY) {
                                super.add(epoch);
                            }
                        }
                    };
                }
            }),
    /** A deleted key keeps its version, so that the next is higher whatever the clock does. */
    TOMBSTONE(Scenario.scripted(false, true, on(1, DELETE), on(1, CLOCK_BACK, PUT), on(0, GET)), Weakness.NO_TOMBSTONE),
    /** So does one that is not deleted. */
    VERSION_ABOVE_THE_LAST(Scenario.scripted(false, true, on(1, CLOCK_BACK, PUT)), Weakness.VERSION_IS_THE_TIME),
    /** A value is judged by when its making began, not by when it was stored. */
    EPOCH_BY_START(
            Scenario.scripted(true, false, on(0, LEASED_GET), on(1, PURGE_TAG)), (node, schedule) -> new SmallParts() {
                @Override
                Epochs epochs() {
                    return new Epochs() {
                        @Override
                        Optional<CacheEntry> judge(CacheKey key, CacheEntry entry) {
                            CacheEntry whenStored = new CacheEntry(
                                    entry.value(), entry.version(), entry.storedAt(), entry.lifetime(), entry.cost());
                            return super.judge(key, whenStored);
                        }
                    };
                }
            }),
    /** Who reads the second level knows of all purges that were made there. */
    PURGE_KNOWLEDGE(Scenario.scripted(false, true, on(1, PURGE_TAG)), Weakness.PURGES_UNTOLD),
    /** Before a purge is forgotten the copies that it covers go. */
    COPIES_DROPPED_BEFORE_FORGETTING(
            Scenario.scripted(false, true, on(1, PURGE_TAG, SWEEP)), (node, schedule) -> new SmallParts() {
                @Override
                FirstLevel firstLevel(FirstLevel.Setup setup) {
                    return new FirstLevel(setup) {
                        @Override
                        void dropPurged() {}
                    };
                }
            }),
    /** A fetch that was under way while a purge was forgotten is asked again. */
    ASKED_AGAIN_AFTER_FORGETTING(
            Scenario.scripted(false, true, on(1, GET), on(0, PURGE_TAG, SWEEP)), (node, schedule) -> new SmallParts() {
                @Override
                Epochs epochs() {
                    return new Epochs() {
                        @Override
                        long retirements() {
                            return 0;
                        }
                    };
                }
            }),
    /** Who drops the own copy first may read the old value back before the script is carried out. */
    SCRIPT_BEFORE_OWN_COPY(Scenario.scripted(false, true, on(0, GET), on(0, DELETE))),
    /** So may the other nodes when they are told first. */
    SCRIPT_BEFORE_LOG(Scenario.scripted(false, true, on(0, GET), on(1, DELETE))),
    /** Who has not heard of the log for long does not answer from its own memory. */
    LAG_GATE(Scenario.scripted(false, true, on(0, CUT, GET), on(1, PUT))),
    /** Who has the log again starts with nothing, as it cannot know what it missed. */
    EMPTY_AFTER_LAG(Landing.SCENARIO, (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return new FirstLevel(setup) {
                @Override
                void clear() {}
            };
        }
    }),
    /** Nor keeps what it had asked for before. */
    CLEAR_VOIDS_FILLS(Landing.SCENARIO, (node, schedule) -> new SmallParts() {
        @Override
        FillGuard fillGuard() {
            return new FillGuard(STRIPES) {
                @Override
                void voidAllTokens() {}
            };
        }
    }),
    /** What a node made and died before it told the others is told by another. */
    DRAIN(Scenario.scripted(false, true, on(1, PUT), on(1, CRASH))),
    /** Who says which version they know of is not answered from an older copy. */
    MIN_VERSION(Scenario.scripted(false, true, on(1, PUT), on(0, GET_AT_LEAST))),
    /** What the second level tells of is dropped. */
    TOLD_BY_REDIS(Scenario.scripted(false, true, on(1, LOSE)).in(TELLING), (node, schedule) -> new SmallParts() {
        @Override
        FirstLevel firstLevel(FirstLevel.Setup setup) {
            return new FirstLevel(setup) {
                @Override
                Optional<Copy> doubt(CacheKey key) {
                    return Optional.empty();
                }
            };
        }
    }),
    /** And nothing is kept that was asked for before. */
    DOUBT_VOIDS_FILLS(
            Scenario.scripted(false, true, on(1, GET), on(0, LOSE)).in(TELLING), (node, schedule) -> new SmallParts() {
                @Override
                FirstLevel firstLevel(FirstLevel.Setup setup) {
                    return new FirstLevel(setup) {
                        @Override
                        Optional<Copy> doubt(CacheKey key) {
                            Optional<Copy> before = Optional.ofNullable(find(key));
                            change(key, (ignored, old) -> null);
                            return before.filter(Copy::awaitsEcho);
                        }
                    };
                }
            }),
    /** What this node has written is kept again only in the version that is there. */
    CONFIRMED_IN_ITS_VERSION(
            Scenario.scripted(false, true, on(1, PUT)).in(TELLING), (node, schedule) -> new SmallParts() {
                @Override
                Doubts doubts(FirstLevel first, SecondLevel second) {
                    return new Doubts(first, second) {
                        @Override
                        boolean confirms(SecondLevel.Stamp stamp, Copy copy) {
                            return true;
                        }
                    };
                }
            }),
    /** And only if nothing was heard of it since it was asked about. */
    CONFIRMED_WITH_ITS_TOKEN(
            Scenario.scripted(false, false, on(0, PUT), on(1, PUT)).in(TELLING), (node, schedule) -> new SmallParts() {
                @Override
                FirstLevel firstLevel(FirstLevel.Setup setup) {
                    return new FirstLevel(setup) {
                        @Override
                        boolean confirm(CacheKey key, Copy copy, long token) {
                            return super.confirm(key, copy, guard().token(key));
                        }
                    };
                }
            }),
    /** Who was not told for a while starts with nothing. */
    EMPTY_WHEN_LISTENING_AGAIN(
            Scenario.scripted(false, true, on(0, DEAFEN), on(1, LOSE)).in(TELLING)),
    /** A copy of what ends idle is not served for longer than it is known to be kept. */
    COPY_ENDS_IDLE(
            Scenario.scripted(false, true, on(1, GET), on(0, WAIT, WAIT, WAIT, WAIT))
                    .in(IDLING),
            (node, schedule) -> new SmallParts() {
                @Override
                FirstLevel firstLevel(FirstLevel.Setup setup) {
                    return new FirstLevel(setup) {
                        @Override
                        boolean fill(CacheKey key, CacheEntry entry, long aliveUntilMillis, long token) {
                            return super.fill(key, entry, entry.endsAt().toEpochMilli(), token);
                        }
                    };
                }
            }),
    /** That is counted from before it was asked, and not from the answer. */
    KEPT_FROM_BEFORE_THE_QUESTION(
            Scenario.scripted(false, true, on(0, WAIT, GET), on(1, WAIT, WAIT, WAIT, WAIT))
                    .in(IDLING),
            (node, schedule) -> new SmallParts() {
                @Override
                FirstLevel firstLevel(FirstLevel.Setup setup) {
                    return new FirstLevel(setup) {
                        @Override
                        void touched(CacheKey key, Copy copy, long aliveUntilMillis) {
                            long bound = copy.entry().lifetime().idleBound().toMillis();
                            super.touched(key, copy, setup.clock().millis() + bound);
                        }
                    };
                }
            });

    private final Scenario scenario;
    private final BiFunction<ExploredNode, Schedule, EngineParts> parts;
    private final Set<Weakness> weaknesses;

    Guard(Scenario scenario) {
        this(scenario, (node, schedule) -> new SmallParts());
    }

    Guard(Scenario scenario, Weakness weakness) {
        this.scenario = scenario;
        this.parts = (node, schedule) -> new SmallParts();
        this.weaknesses = Set.of(weakness);
    }

    Guard(Scenario scenario, BiFunction<ExploredNode, Schedule, EngineParts> parts) {
        this.scenario = scenario;
        this.parts = parts;
        this.weaknesses = Set.of();
    }

    /** In which its absence shows. */
    Scenario scenario() {
        return scenario;
    }

    EngineParts parts(ExploredNode node, Schedule schedule) {
        return parts.apply(node, schedule);
    }

    Set<Weakness> weaknesses() {
        return weaknesses;
    }

    /** As in a service, but for memory: thousands of nodes are made. */
    static class SmallParts extends EngineParts {
        static final int STRIPES = 16;

        @Override
        FillGuard fillGuard() {
            return new FillGuard(STRIPES);
        }
    }

    /** Finds every token current, and leaves all else to the other. */
    private static final class Trusting extends FillGuard {
        private final FillGuard real;

        Trusting(FillGuard real) {
            super(1);
            this.real = real;
        }

        @Override
        long token(CacheKey key) {
            return real.token(key);
        }

        @Override
        boolean isCurrent(CacheKey key, long token) {
            return true;
        }

        @Override
        void voidTokens(CacheKey key) {
            real.voidTokens(key);
        }

        @Override
        boolean spend(CacheKey key, long token) {
            boolean _ = real.spend(key, token);
            return true;
        }

        @Override
        void voidAllTokens() {
            real.voidAllTokens();
        }

        @Override
        long generation() {
            return real.generation();
        }
    }

    static List<Scenario> all() {
        return List.of(values()).stream().map(Guard::scenario).distinct().toList();
    }
}
