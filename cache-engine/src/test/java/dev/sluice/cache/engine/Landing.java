package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Scenario.Deed.CUT;
import static dev.sluice.cache.engine.Scenario.Deed.GET;
import static dev.sluice.cache.engine.Scenario.Deed.PUT;
import static dev.sluice.cache.engine.Scenario.on;

/**
 * A first level in which a copy that a read found is found good in one step and lands in another, as it looks to those who
 * do not wait for the lock of its key: clearing walks over the copies and does not see this one.
 */
class Landing extends FirstLevel {

    /** Something is read while the node loses the log and finds another. */
    static final Scenario SCENARIO = Scenario.scripted(false, true, on(1, CUT), on(1, GET), on(0, PUT));

    private final ExploredNode node;
    private final Schedule schedule;
    private final boolean remembering;
    private boolean suspended;

    /** @param remembering the copy says in which generation it was made, not in which it lands */
    Landing(Setup setup, ExploredNode node, Schedule schedule, boolean remembering) {
        super(setup);
        this.node = node;
        this.schedule = schedule;
        this.remembering = remembering;
    }

    @Override
    void suspend() {
        super.suspend();
        suspended = true;
    }

    @Override
    void resume() {
        super.resume();
        suspended = false;
    }

    @Override
    boolean fill(CacheKey key, CacheEntry entry, long aliveUntilMillis, long token) {
        if (suspended || !guard().isCurrent(key, token)) {
            return suspended;
        }
        long generation = guard().generation();
        lock(true);
        schedule.offer("the copy lands on " + node, node::isAlive, () -> {
            lock(false);
            Copy copy = Copy.of(entry, remembering ? generation : guard().generation());
            change(key, (ignored, old) -> old != null && old.version() >= copy.version() ? old : copy);
        });
        return true;
    }

    /** Nobody else may touch the key meanwhile. */
    void lock(boolean held) {
        node.landing(held);
    }

    /** As if the check were made before the lock of the key is taken. */
    static final class Unlocked extends Landing {

        Unlocked(Setup setup, ExploredNode node, Schedule schedule) {
            super(setup, node, schedule, true);
        }

        @Override
        void lock(boolean held) {}
    }
}
