package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final EventReader READER =
            new EventReader(new StrictJson(), InstantSource.fixed(EventReading.NOW), 1_000, 10);

    @Test
    void isByTheKeyWhenThereIsOneAndElseBySourceAndId() {
        Claim byKey = made("acme", "key-1", with("\"id\":\"a\""));
        Claim byId = made("acme", null, with("\"id\":\"a\""));
        assertThat(byKey.explicit()).isTrue();
        assertThat(byId.explicit()).isFalse();
        assertThat(byKey.name()).startsWith("ingest:{acme}:k").isNotEqualTo(byId.name());
        assertThat(byId.name()).startsWith("ingest:{acme}:e");
        assertThat(byKey.eventId()).isEqualTo("a");
    }

    @Test
    void isNoneForAnEventWithoutAName() {
        assertThat(claim("acme", null, with("\"source\":\"/shop\""))).isNull();
    }

    @Test
    void differsByTenantSourceIdAndKey() {
        assertThat(Stream.of(
                                claim("acme", null, with("\"id\":\"a\"")),
                                claim("acme", null, with("\"id\":\"b\"")),
                                claim("acme", null, with("\"id\":\"a\",\"source\":\"/shop\"")),
                                claim("other", null, with("\"id\":\"a\"")),
                                claim("acme", "1", with("\"id\":\"a\"")),
                                claim("acme", "2", with("\"id\":\"a\"")),
                                claim("other", "1", with("\"id\":\"a\"")))
                        .map(claim -> claim == null ? "none" : claim.name()))
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsTheNameOfAnEventWhoseDataChanged() {
        Claim one = made("acme", null, with("\"id\":\"a\",\"data\":1"));
        Claim other = made("acme", null, with("\"id\":\"a\",\"data\":2"));
        assertThat(one.name()).isEqualTo(other.name());
        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
    }

    private static Claim made(String tenant, @Nullable String key, String event) {
        return Objects.requireNonNull(claim(tenant, key, event));
    }

    private static @Nullable Claim claim(String tenant, @Nullable String key, String event) {
        Caller caller = new Caller(new Identity(tenant, "key-1", "free", Set.of()), null, key);
        return Claim.of(READER.readStructured(event.getBytes(StandardCharsets.UTF_8), caller), caller, "owner");
    }
}
