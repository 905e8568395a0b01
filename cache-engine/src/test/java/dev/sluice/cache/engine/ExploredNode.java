package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Truth.Known;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node of an {@link ExploredWorld}: a real cache, and what can happen to the process around it. */
final class ExploredNode {

    private final String name;
    private @Nullable TwoLevelCache cache;
    private boolean alive = true;
    private boolean connected = true;
    private boolean landing;

    /** What it must not answer any more. */
    final Known known = new Known();

    /** Told by the log and not heard yet, in the order of the log. */
    final Set<Message> inbox = new LinkedHashSet<>();

    /** It was cut off for so long that it must not trust its first level. */
    boolean lagged;

    /** Calls of the second level and of origins that are not answered. */
    int calls;

    /** What its clients wait for. */
    int waiting;

    /** Something that the log says. Compared by identity. */
    static final class Message {
        final String what;
        final Runnable effect;

        Message(String what, Runnable effect) {
            this.what = what;
            this.effect = effect;
        }
    }

    ExploredNode(String name) {
        this.name = name;
    }

    void runs(TwoLevelCache started) {
        cache = started;
    }

    TwoLevelCache cache() {
        if (cache == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return cache;
    }

    boolean isAlive() {
        return alive;
    }

    /** A copy is just being put into its first level: nobody else may touch that key. */
    void landing(boolean now) {
        landing = now;
    }

    boolean mayAct() {
        return alive && !landing;
    }

    /** Whether it has the log. */
    boolean mayHear() {
        return mayAct() && connected;
    }

    boolean isCut() {
        return alive && !connected;
    }

    void connected(boolean now) {
        connected = now;
    }

    void crash() {
        alive = false;
    }

    @Override
    public String toString() {
        return name;
    }
}
