package dev.sluice.gateway.proxy;

/** Who waits for an upstream's answer. */
enum Audience {
    CALLER,
    /** The caller was served already; nothing may reach its connection any more. */
    NOBODY
}
