package dev.sluice.metrics.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.ErrorReport;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErrorsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Errors errors = new Errors(3);

    @Test
    void thoseOfOneKindAreOne() {
        errors.add(error("acme", "f1", 5, "second"));
        errors.add(error("acme", "f1", 9, "third"));
        errors.add(error("acme", "f1", 1, "first"));

        assertThat(errors.list("acme", false, Optional.empty(), 10))
                .singleElement()
                .satisfies(kind -> {
                    assertThat(kind.count()).isEqualTo(3);
                    assertThat(kind.firstAt()).isEqualTo(START.plusSeconds(1));
                    assertThat(kind.last().getMessage()).isEqualTo("third");
                });
    }

    @Test
    void ofAnotherTenantNothingIsSeenAndOfThePlatformOnlyByWhomItConcerns() {
        errors.add(error("acme", "f1", 1, "own"));
        errors.add(error("other", "f1", 2, "another's"));
        errors.add(error(null, "f2", 3, "nobody's"));

        assertThat(errors.list("acme", false, Optional.empty(), 10))
                .extracting(kind -> kind.last().getMessage())
                .containsExactly("own");
        assertThat(errors.list("acme", true, Optional.empty(), 10))
                .extracting(kind -> kind.last().getMessage())
                .containsExactly("nobody's", "own");
        assertThat(errors.list("acme", true, Optional.of("cache-service"), 10)).isEmpty();
        assertThat(errors.list("acme", true, Optional.empty(), 1)).hasSize(1);
    }

    @Test
    void ofTooManyKindsTheFirstGoes() {
        for (int i = 0; i < 5; i++) {
            errors.add(error("acme", "f" + i, i, "error " + i));
        }
        assertThat(errors.list("acme", false, Optional.empty(), 10))
                .extracting(kind -> kind.last().getFingerprint())
                .containsExactly("f4", "f3", "f2");
    }

    private static ErrorReport error(@Nullable String tenant, String fingerprint, int second, String message) {
        return ErrorReport.newBuilder()
                .setFingerprint(fingerprint)
                .setService("api-gateway")
                .setTenant(tenant)
                .setType("java.lang.IllegalStateException")
                .setMessage(message)
                .setAt(START.plusSeconds(second))
                .build();
    }
}
