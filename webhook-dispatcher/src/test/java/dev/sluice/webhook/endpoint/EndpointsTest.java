package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.record.WebhookOrdering;
import dev.sluice.record.WebhookPayloadFormat;
import dev.sluice.webhook.fanout.Events;
import dev.sluice.webhook.filter.Filter;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

/** What tenants may do with endpoints, and what becomes of it while the log is not there. */
class EndpointsTest {
    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final SecretKeyring keyring =
            new SecretKeyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), random);
    private final FakeEndpointLog log = FakeEndpointLog.loaded();
    private final EndpointTable table = new EndpointTable(log);
    private final Endpoints endpoints =
            new Endpoints(table, new EndpointBuilder(keyring, new KeySource(random), clock), clock, random);
    private final EndpointChanges changes = new EndpointChanges(
            table,
            endpoints,
            new EndpointBuilder(keyring, new KeySource(random), clock),
            new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of()),
            clock);

    @Test
    void showsTheSecretOnceAndKeepsItSealed() {
        EndpointView created = create("acme");
        String secret = Optional.ofNullable(created.secret()).orElseThrow();

        assertThat(SymmetricKey.parse(secret).material()).hasSize(32);
        assertThat(created.status()).isEqualTo("active");
        assertThat(created.toString()).doesNotContain(secret);
        assertThat(view("acme", created.id()).secret()).isNull();
        WebhookEndpoint stored = log.find(created.id()).orElseThrow();
        assertThat(stored.toString()).doesNotContain(secret.substring(6));
        assertThat(keyring.open(stored.getSecrets().getFirst(), "acme", created.id())
                        .text())
                .isEqualTo(secret);
    }

    @Test
    void keepsASecretThatItsOwnerBrought() {
        SymmetricKey own = SymmetricKey.generate(new Random(9));
        EndpointDraft draft = new EndpointDraft(terms(List.of(), "mine"), Optional.of(own));
        EndpointView created = Optional.ofNullable(
                        endpoints.create("acme", draft).block())
                .orElseThrow()
                .view();

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
        assertThat(problem(() -> delete("evil", id)).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(endpoints.list("evil", "", 9)).isEmpty();
        assertThat(view("acme", id).id()).isEqualTo(id);
    }

    @Test
    void whatIsDeletedIsGone() {
        String id = create("acme").id();
        delete("acme", id);

        assertThat(problem(() -> endpoints.find("acme", id)).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(table.matching(Events.of("acme", "evt", "a", "{}"))).isEmpty();
    }

    @Test
    void aTenantHasAtMostFiftyHoweverFastItAsks() {
        CompletableFuture<Void> gate = log.hold();
        List<CompletableFuture<Endpoints.Created>> created = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> endpoints.create("acme", draft()).toFuture())
                .toList();

        assertThat(problem(() -> create("acme")).type()).isEqualTo(ProblemType.CONFLICT);
        gate.complete(null);
        assertThat(created).allSatisfy(future -> assertThat(future).isCompleted());
        assertThat(problem(() -> create("acme")).type()).isEqualTo(ProblemType.CONFLICT);
        assertThat(create("other").id())
                .as("another tenant's number does not count")
                .isNotBlank();

        delete("acme", endpoints.list("acme", "", 1).getFirst().getId());
        assertThat(create("acme").id()).isNotBlank();
    }

    @Test
    void aTenantHasAtMostFiftyThoughItAsksTwoDispatchersAtOnce() {
        Endpoints second =
                new Endpoints(table, new EndpointBuilder(keyring, new KeySource(random), clock), clock, random);
        CompletableFuture<Void> gate = log.hold();
        List<CompletableFuture<Endpoints.Created>> created = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> (i % 2 == 0 ? endpoints : second)
                        .create("acme", draft())
                        .toFuture())
                .toList();
        gate.complete(null);

        assertThat(created).allSatisfy(future -> assertThat(future).isDone());
        assertThat(created.stream().filter(future -> !future.isCompletedExceptionally()))
                .hasSize(50);
        assertThat(endpoints.list("acme", "", 100)).hasSize(50);
        assertThat(problem(() -> create("acme")).extensions()).containsEntry("limit", 50);
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
        Endpoints early = new Endpoints(
                new EndpointTable(FakeEndpointLog.loading()),
                new EndpointBuilder(keyring, new KeySource(random), clock),
                clock,
                random);

        assertThat(problem(() -> early.list("acme", "", 9)).type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(() -> early.find("acme", "ep_1")).type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(() -> early.exists("acme", "ep_1")).type()).isEqualTo(ProblemType.UNAVAILABLE);
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

        assertThat(endpoints.list("acme", "", 100).stream().map(WebhookEndpoint::getId))
                .containsExactlyElementsOf(ids);
        assertThat(ids).allMatch(id -> id.matches("ep_[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void pagesHoldAllOnceInOrder() {
        List<String> ids = java.util.stream.IntStream.range(0, 17)
                .mapToObj(i -> create("acme").id())
                .sorted()
                .toList();
        create("other");
        for (int limit = 1; limit <= 20; limit++) {
            List<String> seen = new ArrayList<>();
            List<WebhookEndpoint> page = endpoints.list("acme", "", limit);
            while (!page.isEmpty()) {
                page.forEach(endpoint -> seen.add(endpoint.getId()));
                page = endpoints.list("acme", page.getLast().getId(), limit);
            }
            assertThat(seen).as("pages of " + limit).isEqualTo(ids);
        }
        assertThat(endpoints.list("acme", "zzz", 9)).isEmpty();
    }

    @Test
    void anEndpointThatSaidItIsGoneGetsNothingMore() {
        String id = create("acme").id();
        EndpointDisabler disabler = new EndpointDisabler(table, clock);

        disabler.disable(id, WebhookDisabledReason.GONE).join();
        disabler.disable(id, WebhookDisabledReason.FAILING).join();
        disabler.disable("ep_none", WebhookDisabledReason.GONE).join();

        assertThat(view("acme", id).status()).isEqualTo("disabled");
        assertThat(view("acme", id).disabledReason()).isEqualTo("gone");
        assertThat(table.matching(Events.of("acme", "evt", "a", "{}"))).isEmpty();
        assertThat(table.find(id).map(WebhookEndpoint::getStatus)).hasValue(WebhookEndpointStatus.DISABLED);
    }

    @Test
    void theOwnersChangeGoesBeforeDisabling() {
        String id = create("acme").id();
        CompletableFuture<Void> gate = log.hold();
        CompletableFuture<Void> disabling = new EndpointDisabler(table, clock).disable(id, WebhookDisabledReason.GONE);
        CompletableFuture<Void> deleting = log.remove(id);
        gate.complete(null);

        assertThat(deleting).isCompleted();
        assertThat(disabling).isCompleted();
    }

    @Test
    void disablingFailsWhileTheLogIsAway() {
        String id = create("acme").id();
        log.failWith(new PublishFailedException("Kafka is away"));

        assertThat(new EndpointDisabler(table, clock).disable(id, WebhookDisabledReason.GONE))
                .isCompletedExceptionally();
    }

    private EndpointView create(String tenant) {
        return Optional.ofNullable(endpoints.create(tenant, draft()).block())
                .orElseThrow()
                .view();
    }

    private EndpointView view(String tenant, String id) {
        return endpoints.find(tenant, id).view();
    }

    private void delete(String tenant, String id) {
        changes.delete(tenant, id, new HttpHeaders()).block();
    }

    private static EndpointDraft draft() {
        return new EndpointDraft(terms(List.of("a"), ""), Optional.empty());
    }

    private static EndpointTerms terms(List<String> eventTypes, String description) {
        return new EndpointTerms(
                "https://example.com/",
                eventTypes,
                description,
                Map.of(),
                Map.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                WebhookOrdering.NONE,
                Filter.NONE,
                Optional.empty(),
                WebhookPayloadFormat.STANDARD);
    }

    private static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }
}
