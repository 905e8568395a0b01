package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.endpoint.RotateSecret.Rotation;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What owners see of secrets, and how one follows another. */
class EndpointSecretsTest {

    private static final HttpHeaders NONE = new HttpHeaders();
    private static final Rotation DAY = new Rotation(Optional.empty(), Duration.ofDays(1));
    private static final Rotation AT_ONCE = new Rotation(Optional.empty(), Duration.ZERO);

    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final SecretKeyring keyring = ring("k");
    private final EndpointBuilder builder = new EndpointBuilder(keyring);
    private final EndpointTable table = new EndpointTable(FakeEndpointLog.loaded());
    private final Endpoints endpoints = new Endpoints(table, builder, clock, random);
    private final UrlRules rules = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());
    private final EndpointChanges changes = new EndpointChanges(table, endpoints, builder, rules, clock);
    private final EndpointSecrets secrets = new EndpointSecrets(endpoints, changes, keyring, clock, random);

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
        Rotation rotation = new Rotation(Optional.of(same), Duration.ZERO);

        ProblemException problem = problem(() -> done(secrets.rotate("acme", created.id(), NONE, rotation)));
        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(problem.field()).isEqualTo("secret");
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
        EndpointChanges others = new EndpointChanges(table, endpoints, new EndpointBuilder(without), rules, clock);
        EndpointSecrets locked = new EndpointSecrets(endpoints, others, without, clock, random);

        assertThat(problem(() -> locked.reveal("acme", created.id())).type()).isEqualTo(ProblemType.UNAVAILABLE);
        String next = done(locked.rotate("acme", created.id(), NONE, AT_ONCE)).secret();
        assertThat(locked.reveal("acme", created.id()).secret()).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "-PT1S", "P7DT0.001S", "P8D", "PT1H\n", "PT99999999999999999H"})
    void refusesOverlapsThatAreNone(String overlap) {
        ProblemException problem = problem(() -> new RotateSecret(null, overlap).checked());

        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(problem.errors().stream().map(FieldError::field)).containsExactly("overlap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "whsec_", "whsec_AAAA", "whsec_!", "whsk_AAAA", "v1,whsec_AAAA"})
    void refusesSecretsThatAreNoneAndDoesNotRepeatThem(String secret) {
        ProblemException problem = problem(() -> new RotateSecret(secret, null).checked());

        assertThat(problem.errors().stream().map(FieldError::field)).containsExactly("secret");
        assertThat(new RotateSecret("whsec_canary", null).toString()).doesNotContain("canary");
    }

    @Test
    void takesOverlapsAtTheirBounds() {
        assertThat(new RotateSecret(null, null).checked().overlap()).isEqualTo(Duration.ofHours(24));
        assertThat(new RotateSecret(null, "PT0S").checked().overlap()).isZero();
        assertThat(new RotateSecret(null, "P7D").checked().overlap()).isEqualTo(Duration.ofDays(7));
    }

    private List<String> signing(String id) {
        Instant now = clock.instant();
        return keyring.openAll(endpoints.find("acme", id).endpoint(), now).stream()
                .map(SigningKey::text)
                .toList();
    }

    private EndpointView create() {
        EndpointFields fields = new EndpointFields(
                "https://example.com/", List.of("a"), null, null, null, null, null, null, null, null);
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
