package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokenTest {

    private static final String OWNER = "0123456789abcdef0123456789abcdef";

    private final Random random = Randomness.seeded();

    @Test
    void isReadAsItWasWritten() {
        SessionToken token = SessionToken.generate("acme", "ada", random);
        SessionToken read = SessionToken.parse(token.text()).orElseThrow();
        assertThat(read.id()).isEqualTo(token.id());
        assertThat(read.hash()).isEqualTo(token.hash()).matches("[0-9a-f]{64}");
        assertThat(SessionId.parse(token.id().text())).contains(token.id());
    }

    @Test
    void sessionsOfOneUserHaveOneOwnerAndThoseOfOthersAnother() {
        SessionId id = SessionToken.generate("acme", "ada", random).id();
        assertThat(SessionToken.generate("acme", "ada", random).id().owner()).isEqualTo(id.owner());
        assertThat(SessionToken.generate("acme", "ada", random).id()).isNotEqualTo(id);
        assertThat(SessionId.ownerOf("acme", "bob")).isNotEqualTo(id.owner());
        assertThat(SessionId.ownerOf("acm", "eada")).isNotEqualTo(id.owner());
    }

    @Test
    void neverPrintsTheSecret() {
        SessionToken token = SessionToken.generate("acme", "ada", random);
        assertThat(token).hasToString("SessionToken[" + token.id().text() + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sls_",
                "slk_" + OWNER + "_0123456789abcdef_0123456789012345678901234567890123456789abc",
                "sls_" + OWNER + "_0123456789abcdef_0123456789012345678901234567890123456789ab",
                "sls_" + OWNER + "_0123456789abcdef_0123456789012345678901234567890123456789abcd",
                "sls_" + OWNER + "_0123456789abcdeF_0123456789012345678901234567890123456789abc",
                "sls_" + OWNER + "}0123456789abcdef_0123456789012345678901234567890123456789abc",
                "sls_" + OWNER + "_0123456789abcdef_012345678901234567890123456789012345678 abc",
            })
    void refusesWhatIsNoToken(String text) {
        assertThat(SessionToken.parse(text)).isEmpty();
    }
}
