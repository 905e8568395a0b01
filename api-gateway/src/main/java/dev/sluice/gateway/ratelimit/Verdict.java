package dev.sluice.gateway.ratelimit;

import dev.sluice.record.LimitVerdict;
import java.util.List;
import java.util.Locale;

/** What a request meets. */
enum Verdict {
    ADMITTED,
    /** Admitted; a limit in shadow mode would have refused it. */
    SHADOW_EXCEEDED,
    /** Admitted over a soft limit. */
    SOFT_EXCEEDED,
    /** Refused: a limit is reached. */
    DENIED,
    /** Refused: a limit cannot be checked, and its rule says that then nothing passes. */
    CLOSED;

    static Verdict of(List<LimitUse> uses) {
        Verdict verdict = ADMITTED;
        // Of every request; a stream costs more than the rest of its decision.
        for (int i = 0; i < uses.size(); i++) {
            LimitUse use = uses.get(i);
            if (use.refuses()) {
                return DENIED;
            }
            if (use.exceeded() && verdict != SOFT_EXCEEDED) {
                verdict = use.limit().mode() == Limit.Mode.SOFT ? SOFT_EXCEEDED : SHADOW_EXCEEDED;
            }
        }
        return verdict;
    }

    boolean admits() {
        return this != DENIED && this != CLOSED;
    }

    /** Its name on the log. */
    LimitVerdict recorded() {
        return switch (this) {
            case ADMITTED -> LimitVerdict.ALLOWED;
            case SHADOW_EXCEEDED -> LimitVerdict.SHADOW_LIMITED;
            case SOFT_EXCEEDED -> LimitVerdict.SOFT_LIMITED;
            case DENIED -> LimitVerdict.LIMITED;
            case CLOSED -> LimitVerdict.REFUSED;
        };
    }

    /** Its name as the value of a meter's tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
