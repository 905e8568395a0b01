package dev.sluice.cache.engine;

import dev.sluice.cache.engine.ExploredNode.Message;
import dev.sluice.cache.engine.Scenario.Deed;
import dev.sluice.cache.engine.Scenario.Fault;
import dev.sluice.cache.engine.Scenario.Script;
import dev.sluice.cache.engine.Scenario.World;
import dev.sluice.cache.engine.Truth.Change;
import dev.sluice.cache.engine.Truth.Known;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Nodes with real caches over a second level in memory and a log, as the service puts them together: every call, answer and
 * message is a step of a {@link Schedule}. Fails with {@link StaleReadException} when somebody is answered what they must
 * not be.
 */
final class ExploredWorld {

    private static final Duration GATHERING = Duration.ofMillis(25);
    private static final int ROUNDS = 600;

    private final Scenario scenario;
    private final @Nullable Guard missing;
    private final BiFunction<ExploredNode, Schedule, EngineParts> parts;
    private final Schedule schedule;
    private final Truth truth;
    final FakeClock redisClock = FakeClock.fixed();
    private final FakeClock clock = FakeClock.fixed();
    final FakeSecondLevel redis;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<ExploredNode> nodes = new ArrayList<>();
    private final List<CacheKey> keys = new ArrayList<>();
    private final ExploredClients clients;
    final ExploredRedis happenings;

    /** Changes that the log has. */
    private final Known announced = new Known();

    /** Changes that are made and that nobody has said yet that the log has. */
    private final Set<Change> intents = new LinkedHashSet<>();

    private final Map<Change, List<Epoch>> epochs = new LinkedHashMap<>();
    private final List<Epoch> unswept = new ArrayList<>();
    private int changesUnderWay;
    private boolean settling;
    private @Nullable RuntimeException failure;

    ExploredWorld(
            Scenario scenario,
            @Nullable Guard missing,
            BiFunction<ExploredNode, Schedule, EngineParts> parts,
            Schedule.Choices choices) {
        this.scenario = scenario;
        this.missing = missing;
        this.parts = parts;
        schedule = new Schedule(choices, () -> pass(Duration.ofMillis(1)), this::requireNoFailure);
        truth = new Truth(scenario.ofOrigin());
        redis = new FakeSecondLevel(redisClock, missing == null ? Set.of() : missing.weaknesses());
        // No clock of a node takes part in what is true.
        clock.advance(scenario.world().contains(World.TIMELY) ? Duration.ZERO : Duration.ofHours(1));
        for (int i = 0; i < scenario.keys(); i++) {
            keys.add(new CacheKey("t", "n", i == 0 ? "a" : "ab"));
        }
        for (int i = 0; i < scenario.nodes(); i++) {
            nodes.add(start("node " + (char) ('A' + i)));
        }
        happenings = new ExploredRedis(this, scenario.world(), keys);
        clients = new ExploredClients(this, scenario.world());
    }

    private ExploredNode start(String name) {
        ExploredNode node = new ExploredNode(name);
        node.runs(TwoLevelCache.builder(CacheSettings.defaults()
                        .withSecondLevelDeadline(Duration.ofDays(1))
                        .withEarlyRefresh(0)
                        .withBreaker(Integer.MAX_VALUE, Duration.ofDays(1)))
                .secondLevel(new StepwiseSecondLevel(redis, node, this))
                .clock(clock)
                .scheduler(time)
                .observer(new ExploredObserver((key, version) -> remember(() -> publish(node, key, version, () -> {}))))
                .parts(parts.apply(node, schedule))
                .build());
        return node;
    }

    /** Does all that the scenario says in the order that is chosen, and looks at the end whether all is as it should be. */
    void run() {
        if (scenario.primed()) {
            clients.prime(nodes.getFirst(), keys.getFirst());
        }
        for (Script script : scenario.scripts()) {
            clients.follow(
                    nodes.get(script.node()),
                    keys.get(script.key()),
                    script.deeds().iterator());
        }
        for (int i = 0; i < scenario.helpings(); i++) {
            Deed deed = scenario.soup().get(schedule.choose(scenario.soup().size()));
            ExploredNode node = nodes.get(schedule.choose(nodes.size()));
            CacheKey key = keys.get(schedule.choose(keys.size()));
            clients.follow(node, key, List.of(deed).iterator());
        }
        schedule.takeAll();
        settle();
    }

    /** Everything arrives, everybody who lives is connected, and what the dead have left is announced. */
    private void settle() {
        settling = true;
        schedule.settle();
        schedule.note("-- from here on everything arrives");
        nodes.stream().filter(ExploredNode::isCut).forEach(node -> heal(node, false));
        for (int round = 0; !isQuiet(); round++) {
            if (round == ROUNDS) {
                throw new AssertionError("somebody waits for ever:\n" + schedule);
            }
            schedule.takeAll();
            drain(living().getFirst());
            schedule.takeAll();
            time.advanceTimeBy(GATHERING);
            // A lease of the dead ends by itself.
            pass(Duration.ofMillis(500));
        }
        Known all = new Known();
        truth.changes().forEach(all::learn);
        ExploredNode fresh = start("a new node");
        clients.renounced().forEach(fresh.cache()::purged);
        List<ExploredNode> readers = new ArrayList<>(living());
        readers.add(fresh);
        for (ExploredNode node : readers) {
            node.known.learn(all);
            keys.forEach(key -> clients.read(node, key, () -> {}));
        }
        schedule.takeAll();
        requireNoFailure();
    }

    void pass(Duration span) {
        redisClock.advance(span);
        clock.advance(span);
    }

    /** The driver of the streams would only log what a subscriber throws. */
    <T> void await(Mono<T> answer, Consumer<T> then, Consumer<Throwable> otherwise) {
        answer.subscribe(value -> remember(() -> then.accept(value)), error -> remember(() -> otherwise.accept(error)));
    }

    private void remember(Runnable reaction) {
        try {
            reaction.run();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void requireNoFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private boolean isQuiet() {
        return !schedule.isOpen()
                && (intents.isEmpty() || missing == Guard.DRAIN)
                && living().stream().allMatch(node -> node.waiting == 0);
    }

    List<ExploredNode> living() {
        return nodes.stream().filter(ExploredNode::isAlive).toList();
    }

    Truth truth() {
        return truth;
    }

    Schedule schedule() {
        return schedule;
    }

    boolean lacks(Guard guard) {
        return missing == guard;
    }

    boolean losesTheAnswer() {
        return !settling && scenario.faults().contains(Fault.LOST_ANSWERS) && schedule.choose(16) == 0;
    }

    void changesUnderWay(int more) {
        changesUnderWay += more;
    }

    List<CacheKey> keys() {
        return keys;
    }

    List<CacheKey> covered(Purge purge) {
        return keys.stream()
                .filter(key -> purge.scopes().stream()
                        .anyMatch(scope -> scope.kind() != PurgeScope.Kind.KEY
                                || scope.name().equals(key.key())))
                .toList();
    }

    /** The second level has made a change and noted that nobody was told. */
    void made(Change change) {
        intents.add(change);
    }

    void purged(Change change, List<Epoch> issued) {
        epochs.put(change, issued);
        unswept.addAll(issued);
        made(change);
    }

    /** A node will keep a value alone once the log has it that there is nothing else. */
    void renounced(Change change, Epoch epoch) {
        epochs.put(change, List.of(epoch));
    }

    List<Epoch> epochsOf(Change change) {
        return epochs.getOrDefault(change, List.of());
    }

    /** A node that is cut off knows nothing of what the log has, but it has to know that it does not. */
    Known startToRead(ExploredNode node) {
        if (node.lagged && node.calls == 0) {
            node.known.learn(announced);
        }
        return node.known.copy();
    }

    /** The engine has made a change of this node; it tells the log when it can, and only then its client. */
    void publish(ExploredNode node, CacheKey key, long version, Runnable acknowledged) {
        publish(node, truth.change(List.of(key), version), acknowledged);
    }

    void publish(ExploredNode node, Change change, Runnable acknowledged) {
        node.known.learn(change);
        schedule.offer(node + " puts " + change + " on the log", node::mayHear, () -> {
            announce(node, change);
            acknowledged.run();
        });
    }

    private void announce(ExploredNode from, Change change) {
        intents.remove(change);
        announced.learn(change);
        others(from)
                .forEach(node -> tell(node, change.toString(), repeatable(), () -> {
                    apply(node, change);
                    node.known.learn(change);
                }));
    }

    /** For who has told the log already. */
    void acknowledge(Change change) {
        intents.remove(change);
    }

    /** Nobody knows whether there was a change. */
    void publishDoubt(ExploredNode node, CacheKey key, Runnable acknowledged) {
        schedule.offer(node + " puts a doubt on the log", node::mayHear, () -> {
            doubt(node, key);
            acknowledged.run();
        });
    }

    void doubt(ExploredNode from, CacheKey key) {
        others(from)
                .forEach(node ->
                        tell(node, "a doubt", repeatable(), () -> node.cache().invalidate(key, Long.MAX_VALUE)));
    }

    private List<ExploredNode> others(ExploredNode from) {
        return living().stream().filter(node -> node != from).toList();
    }

    private void apply(ExploredNode node, Change change) {
        if (epochs.containsKey(change)) {
            epochsOf(change).forEach(node.cache()::purged);
        } else {
            change.since().keySet().forEach(key -> node.cache().invalidate(key, change.number()));
        }
    }

    private void tell(ExploredNode node, String what, boolean again, Runnable effect) {
        Message message = new Message(what, effect);
        node.inbox.add(message);
        BooleanSupplier possible = () -> node.mayHear() && node.inbox.contains(message);
        schedule.offer(node + " hears of " + what, possible, () -> {
            node.inbox.remove(message);
            effect.run();
            if (again) {
                tell(node, what + " once more", false, effect);
            }
        });
    }

    private boolean repeatable() {
        return !settling && scenario.faults().contains(Fault.REPEATED_MESSAGES) && schedule.choose(4) == 0;
    }

    /** The log is out of reach, for long, and back: with all that was missed, or without. */
    void cut(ExploredNode node, Runnable done) {
        node.connected(false);
        schedule.offer(node + " finds that it has not heard of the log for too long", node::isCut, () -> {
            node.lagged = true;
            if (missing != Guard.LAG_GATE) {
                node.cache().suspendFirstLevel();
            }
            schedule.offer(node + " has the log again, which is another", node::isCut, () -> {
                heal(node, true);
                done.run();
            });
        });
        schedule.offer(node + " has the log again", () -> node.isCut() && node.mayAct(), () -> heal(node, false));
    }

    private void heal(ExploredNode node, boolean losing) {
        node.connected(true);
        if (!node.lagged) {
            return;
        }
        node.lagged = false;
        if (!losing) {
            node.inbox.forEach(message -> message.effect.run());
        }
        node.inbox.clear();
        if (missing != Guard.LAG_GATE) {
            node.cache().resumeFirstLevel();
        }
        node.known.learn(announced);
    }

    void crash(ExploredNode node) {
        if (living().size() > 1) {
            node.crash();
        }
    }

    /** What is noted and was not announced is announced by this node, on which nobody else will drop the copy. */
    void drain(ExploredNode node) {
        if (missing == Guard.DRAIN) {
            return;
        }
        for (Change change : List.copyOf(intents)) {
            schedule.note("     " + node + " announces " + change);
            apply(node, change);
            announce(node, change);
            node.known.learn(change);
        }
    }

    /** One pass over the second level, so late that nothing from before the purges can come in; then they are forgotten. */
    void sweep(ExploredNode node) {
        drain(node);
        pass(Lease.MAX_LIFE.multipliedBy(2).plusSeconds(1));
        Epochs known = new Epochs();
        List<Epoch> all = List.copyOf(unswept);
        all.forEach(known::add);
        redis.carryOut(known);
        redis.forgetPurges();
        unswept.clear();
        all.forEach(epoch -> living().forEach(each ->
                tell(each, "a purge that is swept", false, () -> each.cache().swept(epoch))));
    }

    boolean maySweep() {
        return changesUnderWay == 0
                && !unswept.isEmpty()
                && living().stream().allMatch(node -> node.mayHear() && node.inbox.isEmpty());
    }

    void check(ExploredNode node, CacheKey key, ReadResult result, Known asked) {
        String found = result.entry().map(entry -> Truth.nameOf(entry.value())).orElse("nothing");
        schedule.note("     " + node + " answers " + found + " for " + key.key() + " (" + result.outcome() + ")");
        if (asked.forbids(key, result, truth)) {
            throw new StaleReadException(schedule.toString(), schedule.length());
        }
    }
}
