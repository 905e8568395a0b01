package dev.sluice.gateway.ingest;

import java.time.Instant;

/**
 * What an event gets that its producer left out.
 *
 * @param id a fresh id
 * @param source the tenant, as a URI reference
 * @param now the time of receipt
 */
record EventDefaults(String id, String source, Instant now) {}
