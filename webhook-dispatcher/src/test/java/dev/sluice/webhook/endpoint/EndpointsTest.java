package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What tenants may do with endpoints, and what becomes of it while the log is not there. */
class EndpointsTest {
    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final SecretKeyring keyring =
            new SecretKeyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), random);
    private final FakeEndpointLog log = FakeEndpointLog.loaded();
    private final EndpointTable table = new EndpointTable(log);
    private final Endpoints endpoints = new Endpoints(table, keyring, clock, random);

    @Test
    void showsTheSecretOnceAndKeepsItSealed() {
        EndpointView created = create("acme");
        String secret = Optional.ofNullable(created.secret()).orElseThrow();

        assertThat(SymmetricKey.parse(secret).material()).hasSize(32);
        assertThat(created.status()).isEqualTo("active");
        assertThat(created.toString()).doesNotContain(secret);
        assertThat(endpoints.find("acme", created.id()).secret()).isNull();
        assertThat(endpoints.list("acme"))
                .singleElement()
                .satisfies(view -> assertThat(view.secret()).isNull());
        WebhookEndpoint stored = log.find(created.id()).orElseThrow();
        assertThat(stored.toString()).doesNotContain(secret.substring(6));
        assertThat(keyring.open(stored.getSecrets().getFirst(), "acme", created.id())
                        .text())
                .isEqualTo(secret);
    }

    @Test
    void keepsASecretThatItsOwnerBrought() {
        SymmetricKey own = SymmetricKey.generate(new Random(9));
        EndpointDraft draft = new EndpointDraft("https://example.com/", List.of(), "mine", Optional.of(own));
        EndpointView created =
                Optional.ofNullable(endpoints.create("acme", draft).block()).orElseThrow();

        assertThat(created.secret()).isEqualTo(own.text());
        assertThat(created.eventTypes()).as("all").containsExactly("*");
        assertThat(created.description()).isEqualTo("mine");
    }

    @Test
    void anotherTenantsIdIsAnsweredLikeOneThatNeverWas() {
        String id = create("acme").id();

        ProblemException others = problem(() -> endpoints.find("evil", id));
        ProblemException none = problem(() -> endpoints.find("evil", "ep_none"));
        assertThat(others.type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(others.getMessage()).isEqualTo(none.getMessage());
        assertThat(problem(() -> endpoints.delete("evil", id).block()).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(endpoints.list("evil")).isEmpty();
        assertThat(endpoints.find("acme", id).id()).isEqualTo(id);
    }

    @Test
    void whatIsDeletedIsGone() {
        String id = create("acme").id();
        endpoints.delete("acme", id).block();

        assertThat(problem(() -> endpoints.find("acme", id)).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(table.matching("acme", "a")).isEmpty();
    }

    @Test
    void aTenantHasAtMostFiftyHoweverFastItAsks() {
        CompletableFuture<Void> gate = log.hold();
        List<CompletableFuture<EndpointView>> created = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> endpoints.create("acme", draft()).toFuture())
                .toList();

        assertThat(problem(() -> create("acme")).type()).isEqualTo(ProblemType.CONFLICT);
        gate.complete(null);
        assertThat(created).allSatisfy(future -> assertThat(future).isCompleted());
        assertThat(problem(() -> create("acme")).type()).isEqualTo(ProblemType.CONFLICT);
        assertThat(create("other").id())
                .as("another tenant's number does not count")
                .isNotBlank();

        endpoints.delete("acme", endpoints.list("acme").getFirst().id()).block();
        assertThat(create("acme").id()).isNotBlank();
    }

    @Test
    void aCreationThatFailedDoesNotCount() {
        log.failWith(new PublishFailedException("Kafka is away"));
        for (int i = 0; i < 100; i++) {
            ProblemException problem = problem(() -> create("acme"));
            assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(problem.headers()).containsKey("Retry-After");
        }
    }

    @Test
    void nothingIsAnsweredBeforeTheTableIsLoaded() {
        Endpoints early = new Endpoints(new EndpointTable(FakeEndpointLog.loading()), keyring, clock, random);

        assertThat(problem(() -> early.list("acme")).type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(() -> early.find("acme", "ep_1")).type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(() -> early.delete("acme", "ep_1").block()).type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(() -> early.create("acme", draft()).block()).type()).isEqualTo(ProblemType.UNAVAILABLE);
    }

    @Test
    void listsInTheOrderOfCreation() {
        List<String> ids = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> {
                    clock.advance(Duration.ofMillis(1));
                    return create("acme").id();
                })
                .toList();

        assertThat(endpoints.list("acme").stream().map(EndpointView::id)).containsExactlyElementsOf(ids);
        assertThat(ids).allMatch(id -> id.matches("ep_[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void anEndpointThatSaidItIsGoneGetsNothingMore() {
        String id = create("acme").id();
        EndpointDisabler disabler = new EndpointDisabler(table, clock);

        disabler.disable(id).join();
        disabler.disable(id).join();
        disabler.disable("ep_none").join();

        assertThat(endpoints.find("acme", id).status()).isEqualTo("disabled");
        assertThat(table.matching("acme", "a")).isEmpty();
        assertThat(table.find(id).map(WebhookEndpoint::getStatus)).hasValue(WebhookEndpointStatus.DISABLED);
    }

    @Test
    void theOwnersChangeGoesBeforeDisabling() {
        String id = create("acme").id();
        CompletableFuture<Void> gate = log.hold();
        CompletableFuture<Void> disabling = new EndpointDisabler(table, clock).disable(id);
        CompletableFuture<Void> deleting = log.remove(id);
        gate.complete(null);

        assertThat(deleting).isCompleted();
        assertThat(disabling).isCompleted();
    }

    @Test
    void disablingFailsWhileTheLogIsAway() {
        String id = create("acme").id();
        log.failWith(new PublishFailedException("Kafka is away"));

        assertThat(new EndpointDisabler(table, clock).disable(id)).isCompletedExceptionally();
    }

    private EndpointView create(String tenant) {
        return Optional.ofNullable(endpoints.create(tenant, draft()).block()).orElseThrow();
    }

    private static EndpointDraft draft() {
        return new EndpointDraft("https://example.com/", List.of("a"), "", Optional.empty());
    }

    private static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }
}
