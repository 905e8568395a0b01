package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IdentityTokenTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Identity IDENTITY = new Identity("acme", "k1", "free", Set.of("cache:read", "events:write"));

    private final IdentityToken token = new IdentityToken(SECRET, InstantSource.fixed(NOW));

    @Test
    void carriesAnIdentity() {
        assertThat(token.verify(token.sign(IDENTITY))).contains(IDENTITY);
    }

    @Test
    void carriesAnIdentityWithoutScopes() {
        Identity bare = new Identity("acme", "k1", "free", Set.of());
        assertThat(token.verify(token.sign(bare))).contains(bare);
    }

    @Test
    void refusesEveryChangeOfOneCharacter() {
        String signed = token.sign(IDENTITY);
        // The last digit of a base64 text carries bits that are not used; the one before it does not.
        for (int i = 0; i < signed.length() - 1; i++) {
            String changed = signed.substring(0, i) + (signed.charAt(i) == 'A' ? 'B' : 'A') + signed.substring(i + 1);
            assertThat(token.verify(changed)).as("changed at " + i).isEmpty();
        }
    }

    /** What was found out about a token is remembered, and its code is compared all the same. */
    @Test
    void refusesEveryChangeOfATokenThatItKnows() {
        String signed = token.sign(IDENTITY);
        assertThat(token.verify(signed)).contains(IDENTITY);
        for (int i = 0; i < signed.length() - 1; i++) {
            String changed = signed.substring(0, i) + (signed.charAt(i) == 'A' ? 'B' : 'A') + signed.substring(i + 1);
            assertThat(token.verify(changed)).as("changed at " + i).isEmpty();
        }
        assertThat(token.verify(signed.substring(0, signed.lastIndexOf('.') + 1)))
                .isEmpty();
        assertThat(token.verify(signed)).contains(IDENTITY);
    }

    @Test
    void refusesATokenThatItKnowsOnceItIsOld() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        IdentityToken aging = new IdentityToken(SECRET, now::get);
        String signed = aging.sign(IDENTITY);
        assertThat(aging.verify(signed)).contains(IDENTITY);
        now.set(NOW.plusSeconds(60));
        assertThat(aging.verify(signed)).contains(IDENTITY);
        now.set(NOW.plusSeconds(61));
        assertThat(aging.verify(signed)).isEmpty();
    }

    @Test
    void refusesTheTokenOfAnotherSecret() {
        IdentityToken other = new IdentityToken(SECRET.replace('0', '1'), InstantSource.fixed(NOW));
        assertThat(token.verify(other.sign(IDENTITY))).isEmpty();
    }

    @Test
    void refusesATokenThatIsOldOrFromTheFuture() {
        for (Duration skew : new Duration[] {Duration.ofMinutes(2), Duration.ofMinutes(-2)}) {
            IdentityToken other = new IdentityToken(SECRET, InstantSource.fixed(NOW.plus(skew)));
            assertThat(token.verify(other.sign(IDENTITY))).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNoToken() {
        for (String text : new String[] {"", ".", "..", "v1..", "v2.a.b", "v1.%.%", "v1.a.b.c"}) {
            assertThat(token.verify(text)).isEmpty();
        }
    }

    @Test
    void asksForALongSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdentityToken("short", InstantSource.system()))
                .withMessageContaining("sluice.internal.secret");
    }
}
