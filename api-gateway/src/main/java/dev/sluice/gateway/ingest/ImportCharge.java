package dev.sluice.gateway.ingest;

import reactor.core.publisher.Mono;

/** Charges the events of an upload to the limits of its tenant. */
interface ImportCharge {

    /** How many a limit ever admits together. */
    int atOnce();

    /** Charges so many before they are taken; fails with a problem when the limits do not admit them. */
    Mono<Void> take(int events);
}
