package dev.sluice.platform.test;

/** A Redis of which a master has a replica that takes over when that master is gone, whoever arranges it. */
public interface ReplicatedRedis extends AutoCloseable {

    /** The first that has the part of a master. */
    IsolatedRedis master();

    IsolatedRedis replica();

    /** Returns once the replica has all that its master had when it was asked. */
    void awaitReplica();

    /** From here on the replica hears nothing of what its master is told. */
    void partReplica();

    /** Returns once the replica is a master, and all that should know it do. */
    void awaitTakeover();

    /** The master is killed; returns as {@link #awaitTakeover}. */
    default void failOver() {
        master().kill();
        awaitTakeover();
    }

    @Override
    void close();
}
