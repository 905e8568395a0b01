package dev.sluice.platform.kafka;

import java.util.function.BiConsumer;

/** Has entries that were gathered elsewhere. */
@FunctionalInterface
public interface BatchSource<K, E> {

    /** Gives all that there are. Called on one thread, once in an interval and at the end; must not block. */
    void takeAll(BiConsumer<K, E> batch);
}
