package dev.sluice.webhook.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.platform.test.Randomness;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken as a key, and that keys do not show themselves. */
class SigningKeyTest {
    private static final String PAIR =
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

    @Test
    void aGeneratedSecretIsOf32BytesAndReadsBackAsItself() {
        SymmetricKey key = SymmetricKey.generate(Randomness.seeded());

        assertThat(key.material()).hasSize(32);
        assertThat(key.version()).isEqualTo("v1");
        assertThat(SymmetricKey.parse(key.text())).isEqualTo(key).hasSameHashCodeAs(key);
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 32, 63, 64})
    void takesSecretsOf24To64Bytes(int bytes) {
        assertThat(SymmetricKey.parse(secretOf(bytes)).material()).hasSize(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 65, 1_000})
    void refusesSecretsOfOtherLengths(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SymmetricKey.parse(secretOf(bytes)))
                .withMessageContaining("24 to 64 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                " whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La\u00e9aSw",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void refusesOtherSpellingsWithoutRepeatingThem(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SymmetricKey.parse(text))
                .withMessageStartingWith("secret must")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("MfKQ9r8"));
    }

    @Test
    void aKeyPairReadsBackAsItself() {
        Ed25519Key key = Ed25519Key.parse(PAIR);

        assertThat(key.text()).isEqualTo(PAIR);
        assertThat(key.version()).isEqualTo("v1a");
        assertThat(Ed25519Key.of(key.material()).text()).isEqualTo(PAIR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsk_",
                "whsk_AAAA",
                "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvw==",
                "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
                "whsk_!"
            })
    void refusesWhatIsNoKeyPair(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519Key.parse(text));
    }

    @Test
    void aGeneratedPairReadsBackAsItselfAndIsAnotherEachTime() {
        Ed25519Key key = Ed25519Key.generate();

        assertThat(SigningKey.parse(key.text())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(Ed25519Key.generate()).isNotEqualTo(key);
        assertThat(SigningKey.parse(SymmetricKey.generate(new Random(1)).text()))
                .isInstanceOf(SymmetricKey.class);
    }

    /** With the public key of another pair, receivers would refuse all that is signed. */
    @Test
    void refusesAPairWhoseHalvesDoNotBelongTogether() {
        byte[] mixed = Ed25519Key.generate().material();
        System.arraycopy(Ed25519Key.generate().material(), 32, mixed, 32, 32);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ed25519Key.parse("whsk_" + Base64.getEncoder().encodeToString(mixed)))
                .withMessageContaining("belongs");
    }

    /** RFC 8037, appendices A.1 to A.3. */
    @Test
    void aKeyIsNamedByItsThumbprint() {
        byte[] seed = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        byte[] publicKey = Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        byte[] pair = Arrays.copyOf(seed, 64);
        System.arraycopy(publicKey, 0, pair, 32, 32);

        assertThat(Jwk.of(Ed25519Key.parse("whsk_" + Base64.getEncoder().encodeToString(pair))))
                .isEqualTo(new Jwk(
                        "OKP",
                        "Ed25519",
                        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                        "sig",
                        "EdDSA"));
    }

    @Test
    void keysDoNotShowThemselves() {
        SymmetricKey key = SymmetricKey.generate(new Random(1));

        assertThat(key.toString()).isEqualTo("SymmetricKey[…]");
        assertThat(Ed25519Key.parse(PAIR).toString()).doesNotContain(PAIR.substring(5, 40));
    }

    @Test
    void whoGetsTheMaterialCannotChangeTheKey() {
        SymmetricKey key = SymmetricKey.generate(new Random(1));
        String before = key.text();
        key.material()[0] ^= 1;
        Ed25519Key pair = Ed25519Key.parse(PAIR);
        pair.material()[0] ^= 1;

        assertThat(key.text()).isEqualTo(before);
        assertThat(pair.text()).isEqualTo(PAIR);
    }

    private static String secretOf(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
