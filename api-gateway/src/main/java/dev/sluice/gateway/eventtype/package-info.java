/** The catalogue of event types: what each tenant's events are called, and the JSON Schema that their data fits. */
@NullMarked
package dev.sluice.gateway.eventtype;

import org.jspecify.annotations.NullMarked;
