package dev.sluice.starter.node;

/** What the node of an application has beside its own memory. */
public enum NodeMode {
    /** Redis and the log: both levels, coherent with all other nodes; reads and changes on the log. */
    COHERENT,
    /** Redis alone: every read asks it, since nothing tells of what other nodes change. */
    SHARED,
    /** The log alone: this process's memory; reads are on the log. */
    RECORDED,
    /** This process's memory. */
    ALONE;

    public static NodeMode of(boolean redis, boolean log) {
        if (redis) {
            return log ? COHERENT : SHARED;
        }
        return log ? RECORDED : ALONE;
    }

    /** Whether other processes see what this one keeps. */
    public boolean isShared() {
        return this == COHERENT || this == SHARED;
    }
}
