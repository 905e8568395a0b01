package dev.sluice.gateway.ingest;

import org.jspecify.annotations.Nullable;

/**
 * What is claimed before an event is written: its name within the tenant, for what, and by whom.
 *
 * @param name the key in Redis
 * @param explicit whether its producer asked for it by an Idempotency-Key
 * @param eventId the id that the event gets when the claim is new
 * @param owner tells this attempt from every other
 */
record Claim(String name, boolean explicit, String fingerprint, String eventId, String owner) {

    /**
     * The claim for an event: by Idempotency-Key when its producer sent one, else by source and id when its producer named
     * it; null when it has no name by which it could come again.
     */
    static @Nullable Claim of(Arrival arrival, Caller caller, String owner) {
        CloudEvent event = arrival.event();
        String key = caller.idempotencyKey();
        if (key != null) {
            String name = nameIn(caller.tenant(), "k", Fingerprint.name(key));
            return new Claim(name, true, Fingerprint.of(arrival.raw()), event.id(), owner);
        }
        if (!arrival.raw().attributes().containsKey("id")) {
            return null;
        }
        String name = nameIn(caller.tenant(), "e", Fingerprint.name(event.source(), event.id()));
        return new Claim(name, false, Fingerprint.of(arrival.raw()), event.id(), owner);
    }

    /** The braces make the tenant the part of the key that chooses the cluster slot. */
    private static String nameIn(String tenant, String kind, String hash) {
        return "ingest:{" + tenant + "}:" + kind + hash;
    }
}
