package dev.sluice.gateway.tier;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Tier;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What administrators do with tiers. */
final class TierChanges {

    /** Every gateway has all of them in memory, and one page shows them. */
    private static final int MAX_TIERS = 200;

    private final TierTable tiers;
    private final TierUse use;
    private final InstantSource clock;

    TierChanges(TierTable tiers, TierUse use, InstantSource clock) {
        this.tiers = tiers;
        this.use = use;
        this.clock = clock;
    }

    /** A tier as it is now, and whether it is new. */
    record Stored(TierEntry entry, Outcome outcome) {}

    /** What a write did. */
    enum Outcome {
        CREATED,
        REPLACED
    }

    /** Completes when the tier is in the log and counts in this gateway. */
    Mono<Stored> put(String name, @Nullable Object document, HttpHeaders headers) {
        requireLoaded();
        if (!TierNode.isName(name)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH,
                    "name",
                    "Use 1 to 64 of a-z, 0-9, dot, underscore and hyphen for the name, a letter or digit first.");
        }
        Tier tier = read(name, document);
        Optional<TierEntry> before = tiers.findEntry(name);
        Preconditions.check(headers, before.map(TierEntry::entityTag));
        if (before.isEmpty() && tiers.all().size() >= MAX_TIERS) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "There are " + MAX_TIERS + " tiers, the most there can be; delete one.");
        }
        Outcome outcome = before.isPresent() ? Outcome.REPLACED : Outcome.CREATED;
        long expected = tiers.versionOf(name);
        return TableWrites.answered(() -> tiers.write(tier, expected)).map(stored -> new Stored(stored, outcome));
    }

    /** Completes when the tier is gone. One that the program brings would only come back, so it stays. */
    Mono<Void> delete(String name, HttpHeaders headers) {
        requireLoaded();
        TierEntry before = tiers.findEntry(name).orElseThrow(TierChanges::notFound);
        Preconditions.check(headers, Optional.of(before.entityTag()));
        if (tiers.isShipped(name)) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "This tier comes with the program and stays; PUT changes what it admits.");
        }
        if (use.isUsed(name)) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "There are tenants with this tier; give them another one first.");
        }
        return TableWrites.answered(() -> tiers.remove(name, before.version()));
    }

    static ProblemException notFound() {
        return new ProblemException(
                ProblemType.NOT_FOUND, "There is no such tier; see /api/v1/tiers for those that exist.");
    }

    private Tier read(String name, @Nullable Object document) {
        try {
            return TierReader.tier(
                    name, TierNode.ofJson("", document), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (TierFault fault) {
            throw fault.toProblem();
        }
    }

    private void requireLoaded() {
        if (!tiers.ready()) {
            throw TableWrites.loading("tiers");
        }
    }
}
