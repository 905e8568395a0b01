package dev.sluice.webhook.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Against the published vectors of Standard Webhooks and its public Java library. */
class SignedHeadersTest {
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final Instant AT = Instant.ofEpochSecond(1614265330);
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    private static final String SYMMETRIC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String SYMMETRIC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String PAIR =
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    private static final String PAIR_SIGNATURE =
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

    @Test
    void givesTheSymmetricVectorOfTheSpecification() {
        SignedHeaders signed = SignedHeaders.sign(List.of(SymmetricKey.parse(SYMMETRIC)), ID, AT, BODY);

        assertThat(signed).isEqualTo(new SignedHeaders(ID, "1614265330", SYMMETRIC_SIGNATURE));
    }

    @Test
    void givesTheAsymmetricVectorOfTheSpecification() {
        Ed25519Key key = Ed25519Key.parse(PAIR);

        assertThat(SignedHeaders.sign(List.of(key), ID, AT, BODY).signature()).isEqualTo(PAIR_SIGNATURE);
        assertThat(key.publicText()).isEqualTo(PUBLIC);
    }

    @Test
    void givesOneSignatureForEachKeyInTheOrderOfTheKeys() {
        SymmetricKey current = SymmetricKey.generate(new Random(1));
        List<SigningKey> keys = List.of(current, SymmetricKey.parse(SYMMETRIC), Ed25519Key.parse(PAIR));

        String[] signatures = SignedHeaders.sign(keys, ID, AT, BODY).signature().split(" ", -1);

        assertThat(signatures).hasSize(3).endsWith(SYMMETRIC_SIGNATURE, PAIR_SIGNATURE);
        assertThat(signatures[0]).startsWith("v1,").isNotEqualTo(SYMMETRIC_SIGNATURE);
    }

    @Test
    void dropsTheFractionOfTheSecond() {
        assertThat(SignedHeaders.sign(List.of(SymmetricKey.parse(SYMMETRIC)), ID, AT.plusMillis(999), BODY))
                .isEqualTo(SignedHeaders.sign(List.of(SymmetricKey.parse(SYMMETRIC)), ID, AT, BODY));
    }

    @RepeatedTest(50)
    void signsByteForByteAsThePublicLibrary(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] material = new byte[24 + random.nextInt(41)];
        random.nextBytes(material);
        SymmetricKey key = SymmetricKey.of(material);
        String body = randomText(random);

        SignedHeaders signed = SignedHeaders.sign(List.of(key), ID, AT, body.getBytes(StandardCharsets.UTF_8));

        assertThat(signed.signature()).isEqualTo(new Webhook(key.text()).sign(ID, AT.getEpochSecond(), body));
    }

    @Test
    void whileSecretsOverlapReceiversWithEitherAcceptTheRequest() throws Exception {
        SymmetricKey old = SymmetricKey.generate(new Random(2));
        SymmetricKey current = SymmetricKey.generate(new Random(3));
        Map<String, List<String>> headers = headers(SignedHeaders.sign(List.of(current, old), ID, Instant.now(), BODY));
        String body = new String(BODY, StandardCharsets.UTF_8);

        new Webhook(current.text()).verify(body, headers);
        new Webhook(old.text()).verify(body, headers);
        assertThatThrownBy(() -> new Webhook(SYMMETRIC).verify(body, headers))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void thePublicLibraryRefusesAChangedBodyIdOrTimestamp() {
        SymmetricKey key = SymmetricKey.generate(new Random(4));
        Webhook library = new Webhook(key.text());
        Instant now = Instant.now();
        SignedHeaders signed = SignedHeaders.sign(List.of(key), ID, now, BODY);
        String later = Long.toString(now.plusSeconds(1).getEpochSecond());
        String body = new String(BODY, StandardCharsets.UTF_8);

        assertRefused(library, body + " ", signed);
        assertRefused(library, body, new SignedHeaders("msg_other", signed.timestamp(), signed.signature()));
        assertRefused(library, body, new SignedHeaders(ID, later, signed.signature()));
        assertRefused(library, body, SignedHeaders.sign(List.of(key), ID, now.minus(Duration.ofMinutes(6)), BODY));
    }

    @Test
    void refusesIdsThatMakeTheSignedContentAmbiguous() {
        List<SigningKey> keys = List.of(SymmetricKey.parse(SYMMETRIC));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedHeaders.sign(keys, "a.b", AT, BODY))
                .withMessageContaining("id");
        assertThatIllegalArgumentException().isThrownBy(() -> SignedHeaders.sign(keys, "", AT, BODY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedHeaders.sign(List.of(), ID, AT, BODY))
                .withMessageContaining("keys");
    }

    private static void assertRefused(Webhook library, String body, SignedHeaders signed) {
        assertThatThrownBy(() -> library.verify(body, headers(signed)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    private static Map<String, List<String>> headers(SignedHeaders signed) {
        return Map.of(
                SignedHeaders.ID, List.of(signed.id()),
                SignedHeaders.TIMESTAMP, List.of(signed.timestamp()),
                SignedHeaders.SIGNATURE, List.of(signed.signature()));
    }

    /** Percent signs too: the library formats its content with them. */
    private static String randomText(Random random) {
        List<String> parts = new ArrayList<>();
        List<String> alphabet = Arrays.asList("a", "\"", "{", ".", "%s", "é", "\u20ac", "\ud83d\ude00", "\n", "\u0000");
        int length = random.nextInt(200);
        for (int i = 0; i < length; i++) {
            parts.add(alphabet.get(random.nextInt(alphabet.size())));
        }
        return String.join("", parts);
    }
}
