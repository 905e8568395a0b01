package dev.sluice.standalone.platform;

/** Where a whole platform stands. */
public enum PlatformPhase {
    STARTING,
    READY,
    STOPPING,
    STOPPED,
    FAILED
}
