package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.SignatureScheme;
import dev.sluice.webhook.endpoint.RotateSecret.Rotation;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What owners see of secrets, and how one follows another. */
class EndpointSecretsTest {

    private static final HttpHeaders NONE = new HttpHeaders();
    private static final Rotation DAY = new Rotation(Optional.empty(), Optional.empty(), Duration.ofDays(1));
    private static final Rotation AT_ONCE = new Rotation(Optional.empty(), Optional.empty(), Duration.ZERO);

    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final SecretKeyring keyring = ring("k");
    private final KeySource keys = new KeySource(random);
    private final EndpointBuilder builder = new EndpointBuilder(keyring, keys, clock);
    private final EndpointTable table = new EndpointTable(FakeEndpointLog.loaded());
    private final Endpoints endpoints = new Endpoints(table, builder, clock, random);
    private final UrlRules rules = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());
    private final EndpointChanges changes = new EndpointChanges(table, endpoints, builder, rules, clock);
    private final PublicKeys publicKeys = new PublicKeys(table, keyring, clock);
    private final EndpointSecrets secrets = new EndpointSecrets(endpoints, changes, keyring, publicKeys, keys, clock);

    @Test
    void theNewSecretSignsFirstAndTheOldOneBesideItUntilTheOverlapEnds() {
        EndpointView created = create();
        SecretView rotated = done(secrets.rotate("acme", created.id(), NONE, DAY));

        assertThat(rotated.secret()).isNotEqualTo(created.secret());
        assertThat(rotated.previous()).hasSize(1);
        assertThat(signing(created.id())).containsExactly(rotated.secret(), String.valueOf(created.secret()));
        assertThat(secrets.reveal("acme", created.id())).isEqualTo(rotated);
        assertThat(rotated.toString()).doesNotContain(rotated.secret());
        clock.advance(Duration.ofDays(1));
        assertThat(signing(created.id())).containsExactly(rotated.secret());
        assertThat(secrets.reveal("acme", created.id()).previous()).isEmpty();
    }

    @Test
    void aRotationWithoutOverlapEndsAllOthersAtOnce() {
        EndpointView created = create();
        done(secrets.rotate("acme", created.id(), NONE, DAY));
        SecretView last = done(secrets.rotate("acme", created.id(), NONE, AT_ONCE));

        assertThat(signing(created.id())).containsExactly(last.secret());
    }

    @Test
    void aSecretThatSignsAlreadyIsNoNewOne() {
        EndpointView created = create();
        SymmetricKey same = SymmetricKey.parse(String.valueOf(created.secret()));
        Rotation rotation = new Rotation(Optional.of(same), Optional.of(SignatureScheme.V1), Duration.ZERO);

        ProblemException problem = problem(() -> done(secrets.rotate("acme", created.id(), NONE, rotation)));
        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(problem.field()).isEqualTo("secret");
    }

    @Test
    void aPairIsShownToNobodyButItsPublicKey() {
        EndpointView created = create("v1a");
        SecretView shown = secrets.reveal("acme", created.id());

        assertThat(created.secret()).isNull();
        assertThat(created.publicKey()).startsWith("whpk_").isEqualTo(shown.publicKey());
        assertThat(shown.secret()).isNull();
        Ed25519Key pair = Ed25519Key.parse(signing(created.id()).getFirst());
        assertThat(pair.publicText()).isEqualTo(created.publicKey());
        assertThat(publicKeys.of(created.id()).keys())
                .singleElement()
                .satisfies(key -> assertThat(key.x())
                        .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(pair.publicKey())));
    }

    @Test
    void bothAreRotatedTogetherOrEachByItself() {
        String id = create("both").id();
        List<String> first = signing(id);
        clock.advance(Duration.ofSeconds(1));
        done(secrets.rotate(
                "acme",
                id,
                NONE,
                new Rotation(Optional.empty(), Optional.of(SignatureScheme.V1A), Duration.ofHours(1))));
        List<String> second = signing(id);
        assertThat(second).hasSize(3).startsWith(first.getFirst()).endsWith(first.getLast());
        assertThat(publicKeys.of(id).keys()).hasSize(2);

        SecretView last = done(secrets.rotate("acme", id, NONE, AT_ONCE));
        assertThat(signing(id)).hasSize(2).doesNotContainAnyElementsOf(second);
        assertThat(last.previous()).isEmpty();
        assertThat(publicKeys.of(id).keys()).hasSize(1);
    }

    @Test
    void whatIsChosenSignsFromNowOnAndWhatIsNotSignsNoMore() {
        String id = create().id();
        List<String> secret = signing(id);

        assertThat(patched(id, "both").signatureScheme()).isEqualTo("both");
        List<String> both = signing(id);
        assertThat(both).hasSize(2).startsWith(secret.getFirst());
        assertThat(patched(id, "both").publicKey()).isNotNull();
        assertThat(signing(id)).as("chosen again").isEqualTo(both);
        assertThat(patched(id, null).signatureScheme()).as("left out").isEqualTo("both");
        assertThat(patched(id, "v1a").signatureScheme()).isEqualTo("v1a");
        assertThat(signing(id)).containsExactly(both.getLast());
        assertThat(patched(id, "v1").publicKey()).isNull();
        assertThat(signing(id)).hasSize(1).doesNotContainAnyElementsOf(both);
        assertThat(problem(() -> publicKeys.of(id)).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(problem(() -> publicKeys.of("ep_unknown")).detail())
                .isEqualTo(problem(() -> publicKeys.of(id)).detail());
    }

    @Test
    void onlyWhatSignsIsRotated() {
        String id = create().id();
        for (Rotation rotation : List.of(
                new Rotation(Optional.empty(), Optional.of(SignatureScheme.V1A), Duration.ZERO),
                new Rotation(Optional.of(Ed25519Key.generate()), Optional.of(SignatureScheme.V1A), Duration.ZERO))) {
            ProblemException problem = problem(() -> done(secrets.rotate("acme", id, NONE, rotation)));
            assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
            assertThat(problem.field()).isEqualTo(rotation.secret().isPresent() ? "secret" : "scheme");
        }
        Ed25519Key pair = Ed25519Key.generate();
        patched(id, "both");
        RotateSecret request = new RotateSecret(pair.text(), null, "PT0S");
        assertThat(done(secrets.rotate("acme", id, NONE, request.checked())).publicKey())
                .isEqualTo(pair.publicText());
        assertThat(problem(() -> new RotateSecret(pair.text(), "v1", null).checked()).errors().stream()
                        .map(FieldError::field))
                .containsExactly("secret");
        assertThat(problem(() -> new RotateSecret(null, "v2", null).checked()).errors().stream()
                        .map(FieldError::field))
                .containsExactly("scheme");
    }

    private EndpointView patched(String id, @Nullable String signatureScheme) {
        EndpointFields fields = OwnersFields.with("signatureScheme", signatureScheme);
        return publicKeys.shown(done(changes.replace("acme", id, NONE, fields)).endpoint());
    }

    @Test
    void noMoreThanTenSignAtATime() {
        EndpointView created = create();
        for (int i = 1; i < 10; i++) {
            done(secrets.rotate("acme", created.id(), NONE, DAY));
        }
        assertThat(signing(created.id())).hasSize(10);
        assertThat(problem(() -> done(secrets.rotate("acme", created.id(), NONE, DAY)))
                        .type())
                .isEqualTo(ProblemType.CONFLICT);
        done(secrets.rotate("acme", created.id(), NONE, AT_ONCE));
        assertThat(signing(created.id())).hasSize(1);
    }

    @Test
    void anotherTenantIsAnsweredAsIfThereWereNone() {
        EndpointView created = create();

        assertThat(problem(() -> secrets.reveal("evil", created.id())).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(problem(() -> done(secrets.rotate("evil", created.id(), NONE, DAY)))
                        .type())
                .isEqualTo(ProblemType.NOT_FOUND);
        assertThat(signing(created.id())).containsExactly(String.valueOf(created.secret()));
    }

    @Test
    void aSecretThatCannotBeOpenedIsReplacedByRotation() {
        EndpointView created = create();
        SecretKeyring without = ring("other");
        EndpointChanges others =
                new EndpointChanges(table, endpoints, new EndpointBuilder(without, keys, clock), rules, clock);
        EndpointSecrets locked =
                new EndpointSecrets(endpoints, others, without, new PublicKeys(table, without, clock), keys, clock);

        assertThat(problem(() -> locked.reveal("acme", created.id())).type()).isEqualTo(ProblemType.UNAVAILABLE);
        String next = done(locked.rotate("acme", created.id(), NONE, AT_ONCE)).secret();
        assertThat(locked.reveal("acme", created.id()).secret()).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "-PT1S", "P7DT0.001S", "P8D", "PT1H\n", "PT99999999999999999H"})
    void refusesOverlapsThatAreNone(String overlap) {
        ProblemException problem = problem(() -> new RotateSecret(null, null, overlap).checked());

        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(problem.errors().stream().map(FieldError::field)).containsExactly("overlap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "whsec_", "whsec_AAAA", "whsec_!", "whsk_AAAA", "v1,whsec_AAAA"})
    void refusesSecretsThatAreNoneAndDoesNotRepeatThem(String secret) {
        ProblemException problem = problem(() -> new RotateSecret(secret, null, null).checked());

        assertThat(problem.errors().stream().map(FieldError::field)).containsExactly("secret");
        assertThat(new RotateSecret("whsec_canary", null, null).toString()).doesNotContain("canary");
    }

    @Test
    void takesOverlapsAtTheirBounds() {
        assertThat(new RotateSecret(null, null, null).checked().overlap()).isEqualTo(Duration.ofHours(24));
        assertThat(new RotateSecret(null, null, "PT0S").checked().overlap()).isZero();
        assertThat(new RotateSecret(null, null, "P7D").checked().overlap()).isEqualTo(Duration.ofDays(7));
    }

    private List<String> signing(String id) {
        Instant now = clock.instant();
        return keyring.openAll(endpoints.find("acme", id).endpoint(), now).stream()
                .map(SigningKey::text)
                .toList();
    }

    private EndpointView create() {
        return create(null);
    }

    private EndpointView create(@Nullable String signatureScheme) {
        EndpointFields fields = OwnersFields.with("signatureScheme", signatureScheme);
        EndpointDraft draft = new EndpointDraft(EndpointTerms.of(fields, rules), Optional.empty());
        return done(endpoints.create("acme", draft)).view();
    }

    private SecretKeyring ring(String id) {
        return new SecretKeyring(Map.of(id, new SecretKeySpec(new byte[32], "AES")), random);
    }

    private static <T> T done(Mono<T> change) {
        return Optional.ofNullable(change.block()).orElseThrow();
    }

    private static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }
}
