package dev.sluice.webhook.delivery;

/** Calls later, once. */
@FunctionalInterface
interface Alarm {

    /** After at least this time, on a thread of its own that must not be blocked. What is returned takes the call back. */
    Runnable in(long nanos, Runnable call);
}
