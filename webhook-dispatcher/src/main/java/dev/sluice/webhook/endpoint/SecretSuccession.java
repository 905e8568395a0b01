package dev.sluice.webhook.endpoint;

import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which secrets sign after a rotation: the new ones, and those of the same versions that signed before until the overlap ends or they
 * expire, whichever is first. So none outlives the overlap of the newest rotation of its version, and one without overlap ends all of
 * it. First come the current ones, v1 before v1a, then those that expire, the newest first. Pure.
 */
final class SecretSuccession {

    private SecretSuccession() {}

    /**
     * The secrets after a rotation.
     *
     * @param next one for each version that is rotated
     */
    static List<SealedSecret> rotate(
            List<SealedSecret> before, List<SealedSecret> next, Instant now, Duration overlap) {
        // What is not on the log to the microsecond must not be in memory.
        Instant end = now.plus(overlap).truncatedTo(ChronoUnit.MICROS);
        Set<SignatureScheme> rotated = schemesOf(next);
        List<SealedSecret> after = new ArrayList<>(next);
        for (SealedSecret secret : live(before, now)) {
            if (!rotated.contains(secret.getScheme())) {
                after.add(secret);
                continue;
            }
            Instant expiry = secret.getExpiresAt();
            Instant bounded = expiry != null && expiry.isBefore(end) ? expiry : end;
            if (bounded.isAfter(now)) {
                after.add(SealedSecret.newBuilder(secret).setExpiresAt(bounded).build());
            }
        }
        return ordered(after);
    }

    /** The secrets when it is signed in these versions from now on: those of others sign no more, what is missing is made. */
    static List<SealedSecret> choose(
            List<SealedSecret> before, Signatures wanted, Instant now, Function<SignatureScheme, SealedSecret> make) {
        List<SealedSecret> after = new ArrayList<>(live(before, now).stream()
                .filter(secret -> wanted.schemes().contains(secret.getScheme()))
                .toList());
        Set<SignatureScheme> current =
                schemesOf(after.stream().filter(SecretSuccession::isCurrent).toList());
        wanted.schemes().stream()
                .filter(scheme -> !current.contains(scheme))
                .map(make)
                .forEach(after::add);
        return ordered(after);
    }

    private static Set<SignatureScheme> schemesOf(List<SealedSecret> secrets) {
        Set<SignatureScheme> schemes = EnumSet.noneOf(SignatureScheme.class);
        secrets.forEach(secret -> schemes.add(secret.getScheme()));
        return schemes;
    }

    /** Stable: those that expire stay in their order. */
    private static List<SealedSecret> ordered(List<SealedSecret> secrets) {
        List<SealedSecret> ordered = new ArrayList<>(secrets);
        ordered.sort(Comparator.comparing((SealedSecret secret) -> !isCurrent(secret))
                .thenComparing(secret -> isCurrent(secret) ? secret.getScheme() : SignatureScheme.UNKNOWN));
        return ordered;
    }

    private static boolean isCurrent(SealedSecret secret) {
        return secret.getExpiresAt() == null;
    }

    /** Those that sign at a moment. */
    static List<SealedSecret> live(List<SealedSecret> secrets, Instant now) {
        return secrets.stream()
                .filter(secret ->
                        secret.getExpiresAt() == null || secret.getExpiresAt().isAfter(now))
                .toList();
    }
}
