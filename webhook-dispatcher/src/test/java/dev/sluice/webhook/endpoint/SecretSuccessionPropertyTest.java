package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random rotations against a list of who promised what until when. */
class SecretSuccessionPropertyTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeAll
    static void letAvroMakeRecords() {
        TrustedRecords.load();
    }

    @Test
    void whoSignsIsWhatTheRotationsPromised() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Instant now = START;
            List<SealedSecret> secrets = List.of(secret("0"));
            // By secret, all ends that rotations have set for it; it signs until the first.
            Map<String, List<Instant>> ends = new LinkedHashMap<>();
            ends.put("0", new ArrayList<>());
            for (int step = 1; step <= 12; step++) {
                now = now.plusSeconds(random.nextInt(100));
                Duration overlap = Duration.ofSeconds(random.nextInt(4) == 0 ? 0 : random.nextInt(200));
                Instant end = now.plus(overlap);
                ends.values().forEach(all -> all.add(end));
                ends.put(String.valueOf(step), new ArrayList<>());
                secrets = SecretSuccession.rotate(secrets, List.of(secret(String.valueOf(step))), now, overlap);

                for (int later = 0; later <= 250; later += 25) {
                    Instant at = now.plusSeconds(later);
                    List<String> expected = ends.entrySet().stream()
                            .filter(entry -> entry.getValue().stream().allMatch(at::isBefore))
                            .map(Map.Entry::getKey)
                            .toList()
                            .reversed();
                    assertThat(SecretSuccession.live(secrets, at).stream().map(SealedSecret::getKeyId))
                            .as("seed %d, step %d, %d s later", seed, step, later)
                            .containsExactlyElementsOf(expected);
                }
                assertThat(secrets.getFirst().getExpiresAt()).isNull();
                assertThat(secrets)
                        .as("what signs no more is forgotten")
                        .hasSameSizeAs(SecretSuccession.live(secrets, now));
            }
        }
    }

    @Test
    void oneVersionIsRotatedAsIfTheOtherWereNotThere() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Instant now = START;
            List<SealedSecret> together = List.of(secret(SignatureScheme.V1, "0"), secret(SignatureScheme.V1A, "0"));
            Map<SignatureScheme, List<SealedSecret>> apart = new EnumMap<>(SignatureScheme.class);
            together.forEach(each -> apart.put(each.getScheme(), List.of(each)));
            for (int step = 1; step <= 12; step++) {
                now = now.plusSeconds(random.nextInt(100));
                Duration overlap = Duration.ofSeconds(random.nextInt(200));
                int which = random.nextInt(3);
                List<SealedSecret> next = new ArrayList<>();
                for (SignatureScheme scheme : List.of(SignatureScheme.V1, SignatureScheme.V1A)) {
                    if (which == 2 || (which == 0) == (scheme == SignatureScheme.V1)) {
                        SealedSecret made = secret(scheme, String.valueOf(step));
                        next.add(made);
                        apart.put(
                                scheme,
                                SecretSuccession.rotate(
                                        apart.getOrDefault(scheme, List.of()), List.of(made), now, overlap));
                    }
                }
                together = SecretSuccession.rotate(together, next, now, overlap);

                for (int later = 0; later <= 250; later += 50) {
                    Instant at = now.plusSeconds(later);
                    for (SignatureScheme scheme : List.of(SignatureScheme.V1, SignatureScheme.V1A)) {
                        assertThat(names(SecretSuccession.live(together, at), scheme))
                                .as("seed %d, step %d, %d s later", seed, step, later)
                                .isEqualTo(names(
                                        SecretSuccession.live(apart.getOrDefault(scheme, List.of()), at), scheme));
                    }
                }
                assertThat(together.stream().map(each -> each.getExpiresAt() == null ? each.getScheme() : null))
                        .startsWith(SignatureScheme.V1, SignatureScheme.V1A);
            }
        }
    }

    private static List<String> names(List<SealedSecret> secrets, SignatureScheme scheme) {
        return secrets.stream()
                .filter(each -> each.getScheme() == scheme)
                .map(SealedSecret::getKeyId)
                .toList();
    }

    private static SealedSecret secret(String name) {
        return secret(SignatureScheme.V1, name);
    }

    private static SealedSecret secret(SignatureScheme scheme, String name) {
        return SealedSecret.newBuilder()
                .setScheme(scheme)
                .setKeyId(name)
                .setNonce(ByteBuffer.allocate(12))
                .setCiphertext(ByteBuffer.allocate(16))
                .setCreatedAt(START)
                .build();
    }
}
