/** Shows the running platform at work and checks what it did: events, webhooks, retries, cache, metrics, limits. */
@NullMarked
package dev.sluice.standalone.demo;

import org.jspecify.annotations.NullMarked;
