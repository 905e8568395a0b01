package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Scenario.World;
import dev.sluice.cache.engine.Truth.Change;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the second level of an {@link ExploredWorld} without any node: it tells of changes, somebody changes something
 * by hand, and entries end that nobody has read.
 */
final class ExploredRedis {

    static final Duration IDLE = Duration.ofHours(1);

    /** Four of these are more than the time for which an entry is kept without a read, and three are less. */
    private static final Duration SPAN = IDLE.dividedBy(3);

    private final ExploredWorld world;
    private final Set<World> kind;
    private final List<CacheKey> keys;

    /** Of the connection on which a node listens; what was said on an earlier one is lost. */
    private final Map<ExploredNode, Integer> connections = new HashMap<>();

    private final Map<ExploredNode, Boolean> deaf = new HashMap<>();
    private int byNobody;

    ExploredRedis(ExploredWorld world, Set<World> kind, List<CacheKey> keys) {
        this.world = world;
        this.kind = kind;
        this.keys = keys;
    }

    /** By a node, which has to tell the others. */
    void changed(CacheKey key, Change change) {
        world.made(change);
        tell(key, change.toString(), change);
    }

    /** So that its value is what it was. */
    void moved(CacheKey key) {
        tell(key, "something about " + key.key(), null);
    }

    void lose(CacheKey key) {
        world.redis.lose(key);
        Change change = gone(key);
        tell(key, change + " by hand", change);
    }

    /** What is said of it until it listens again is lost; then it starts with nothing. */
    void deafen(ExploredNode node) {
        if (!kind.contains(World.TELLING) || isDeaf(node)) {
            return;
        }
        deaf.put(node, true);
        connections.merge(node, 1, Integer::sum);
        world.schedule().offer(node + " listens to Redis again", node::mayAct, () -> {
            deaf.put(node, false);
            if (!world.lacks(Guard.EMPTY_WHEN_LISTENING_AGAIN)) {
                node.cache().doubtAll();
            }
            world.truth().changes().forEach(node.known::learn);
        });
    }

    /** What ends meanwhile for want of reads is known to all to have ended: no clock goes slower than another. */
    void pass() {
        List<CacheKey> before = keys.stream().filter(this::isThere).toList();
        world.pass(SPAN);
        before.stream().filter(key -> !isThere(key)).forEach(key -> {
            Change change = gone(key);
            world.schedule().note("     " + change + " for want of reads");
            world.living().forEach(node -> node.known.learnEnd(change));
        });
    }

    private void tell(CacheKey key, String what, @Nullable Change change) {
        if (!kind.contains(World.TELLING)) {
            return;
        }
        for (ExploredNode node : world.living()) {
            int connection = connections.getOrDefault(node, 0);
            if (isDeaf(node)) {
                continue;
            }
            world.schedule()
                    .offer(
                            node + " is told by Redis of " + what,
                            () -> node.mayAct() && connections.getOrDefault(node, 0) == connection,
                            () -> {
                                node.cache().doubt(key);
                                if (change != null) {
                                    node.known.learn(change);
                                }
                            });
        }
    }

    private Change gone(CacheKey key) {
        byNobody++;
        return world.truth().delete(key, -byNobody);
    }

    private boolean isDeaf(ExploredNode node) {
        return deaf.getOrDefault(node, false);
    }

    private boolean isThere(CacheKey key) {
        return world.redis
                .stamp(key)
                .blockOptional()
                .map(SecondLevel.Stamp::live)
                .orElse(false);
    }
}
