package dev.sluice.standalone.supervise;

/** Where a supervised service stands. */
public enum ServicePhase {
    WAITING,
    STARTING,
    READY,
    BACKING_OFF,
    STOPPING,
    STOPPED,
    FAILED
}
