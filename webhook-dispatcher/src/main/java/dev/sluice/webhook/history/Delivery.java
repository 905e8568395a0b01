package dev.sluice.webhook.history;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A delivery, put together from what is remembered of it. Pure.
 *
 * @param entries the newest first; never empty
 */
record Delivery(List<Entry> entries) {

    Delivery {
        entries = List.copyOf(entries);
    }

    Entry last() {
        return entries.getFirst();
    }

    String id() {
        return last().position().deliveryId();
    }

    State state() {
        return last().state();
    }

    /** When it was first made; what is oldest of it when that is not remembered. */
    Instant createdAt() {
        Entry oldest = entries.getLast();
        return Stream.concat(made(), Stream.of(oldest.position().at()))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** When it was last put on the log, so where its body stands; empty when that is not remembered. */
    Optional<Instant> lastMadeAt() {
        return made().max(Instant::compareTo);
    }

    /** Where it stands among others, by when it was made. */
    Position position() {
        return new Position(createdAt(), id(), 0);
    }

    List<Entry> attempts() {
        return entries.stream().filter(Entry::isAttempt).toList();
    }

    private Stream<Instant> made() {
        return entries.stream().map(Entry::createdAt).filter(Objects::nonNull);
    }
}
