package dev.sluice.gateway.ingest;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is claimed before an event is written: its name within the tenant, for what, and by whom.
 *
 * @param name the key in Redis
 * @param explicit whether the name is an Idempotency-Key
 * @param eventId the id that the event gets when the claim is new
 * @param owner tells this attempt from every other
 */
record Claim(String name, boolean explicit, String fingerprint, String eventId, String owner) {

    /** The claim for an event; null when it has no name by which it could come again. */
    static @Nullable Claim of(Arrival arrival, Caller caller, String owner) {
        CloudEvent event = arrival.event();
        return switch (arrival.naming()) {
            case BY_KEY -> new Claim(nameOfKey(caller), true, Fingerprint.of(arrival.raw()), event.id(), owner);
            case BY_ID -> {
                String name = nameIn(caller.tenant(), "e", Fingerprint.name(event.source(), event.id()));
                yield new Claim(name, false, Fingerprint.of(arrival.raw()), event.id(), owner);
            }
            case NONE -> null;
        };
    }

    /** The claim for all that a request with a key brings, so that the key stands for nothing else. */
    static Claim ofBatch(byte[] body, Caller caller, String owner) {
        return new Claim(nameOfKey(caller), true, Fingerprint.of(body), "batch", owner);
    }

    /** Of two with one name: whether they are for the same attributes and data. */
    boolean isForTheSameAs(@Nullable Claim other) {
        return other != null && fingerprint.equals(other.fingerprint);
    }

    private static String nameOfKey(Caller caller) {
        String key = Objects.requireNonNull(caller.idempotencyKey(), "a key is needed to be known by it");
        return nameIn(caller.tenant(), "k", Fingerprint.name(key));
    }

    /** The braces make the tenant the part of the key that chooses the cluster slot. */
    private static String nameIn(String tenant, String kind, String hash) {
        return "ingest:{" + tenant + "}:" + kind + hash;
    }
}
