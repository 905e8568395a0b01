package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.fanout.Events;
import dev.sluice.webhook.secret.SecretKeyring;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Owners change their endpoints, several at a time too. */
class EndpointChangesTest {

    private static final HttpHeaders NONE = new HttpHeaders();

    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final StrictJson json = new StrictJson();
    private final UrlRules rules = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());
    private final SecretKeyring keyring =
            new SecretKeyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), random);
    private final EndpointBuilder builder = new EndpointBuilder(keyring, new KeySource(random), clock);
    private final FakeEndpointLog log = FakeEndpointLog.loaded();
    private final EndpointTable table = new EndpointTable(log);
    private final Endpoints endpoints = new Endpoints(table, builder, clock, random);
    private final EndpointChanges changes = new EndpointChanges(table, endpoints, builder, rules, clock);

    @Test
    void aPatchChangesWhatItNamesAndNothingElse() {
        OwnedEndpoint before = create();
        clock.advance(Duration.ofSeconds(1));
        EndpointView after = patch(before, """
                        {"description":"new","metadata":{"team":"b","old":null},"timeout":"PT5S","retryDelays":["PT1S","PT1M"]}""").view();

        assertThat(after.description()).isEqualTo("new");
        assertThat(after.metadata()).isEqualTo(Map.of("team", "b"));
        assertThat(after.timeout()).isEqualTo("PT5S");
        assertThat(after.retryDelays()).containsExactly("PT1S", "PT1M");
        assertThat(after.url()).isEqualTo(before.view().url());
        assertThat(after.eventTypes()).isEqualTo(before.view().eventTypes());
        assertThat(after.headers()).isEqualTo(Map.of("Authorization", "***", "X-Env", "***"));
        assertThat(after.createdAt()).isEqualTo(before.view().createdAt());
        assertThat(after.updatedAt()).isAfter(before.view().updatedAt());
        WebhookEndpoint stored = log.find(after.id()).orElseThrow();
        assertThat(stored.getTimeoutMillis()).isEqualTo(5_000);
        assertThat(stored.getRetryDelaysMillis()).containsExactly(1_000L, 60_000L);
        assertThat(stored.getSecrets()).isEqualTo(before.endpoint().getSecrets());
    }

    @Test
    void headersAreSealedShownMaskedAndKeptUnderTheirMask() {
        OwnedEndpoint before = create();
        assertThat(before.endpoint().toString()).doesNotContain("hunter2");
        assertThat(keyring.openHeaders(before.endpoint()))
                .isEqualTo(Map.of("Authorization", "Bearer hunter2", "X-Env", "test"));

        OwnedEndpoint after =
                patch(before, "{\"headers\":{\"authorization\":\"***\",\"Authorization\":null,\"X-Env\":\"live\"}}");
        assertThat(keyring.openHeaders(after.endpoint()))
                .isEqualTo(Map.of("authorization", "Bearer hunter2", "X-Env", "live"));

        ProblemException unknown = problem(() -> patch(after, "{\"headers\":{\"X-New\":\"***\"}}"));
        assertThat(unknown.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(unknown.field()).isEqualTo("headers.X-New");
    }

    @Test
    void whatIsShownCanBePutBack() {
        OwnedEndpoint before = create();
        OwnedEndpoint after = done(changes.replace("acme", id(before), NONE, EndpointFields.of(before.endpoint())));

        assertThat(EndpointFields.of(after.endpoint())).isEqualTo(EndpointFields.of(before.endpoint()));
        assertThat(keyring.openHeaders(after.endpoint())).isEqualTo(keyring.openHeaders(before.endpoint()));
    }

    @Test
    void aReplacementLeavesNothingOfWhatItDoesNotName() {
        OwnedEndpoint before = create();
        EndpointView after = done(changes.replace(
                        "acme",
                        id(before),
                        NONE,
                        OwnersFields.with(Map.of("url", "https://example.org/", "eventTypes", List.of("*")))))
                .view();

        assertThat(after.url()).isEqualTo("https://example.org/");
        assertThat(after.eventTypes()).containsExactly("*");
        assertThat(after.description()).isEmpty();
        assertThat(after.headers()).isEmpty();
        assertThat(after.metadata()).isEmpty();
        assertThat(after.retryDelays()).isNull();
        assertThat(log.find(after.id()).orElseThrow().getSecrets())
                .as("its secret stays")
                .isEqualTo(before.endpoint().getSecrets());
    }

    @Test
    void aPatchThatTakesAwayWhatEveryEndpointHasIsRefused() {
        OwnedEndpoint before = create();
        for (String field : List.of("url", "eventTypes")) {
            ProblemException problem = problem(() -> patch(before, "{\"" + field + "\":null}"));
            assertThat(problem.type()).isEqualTo(ProblemType.MISSING_FIELD);
            assertThat(problem.field()).isEqualTo(field);
        }
        for (String body : List.of("{\"status\":\"active\"}", "{\"secret\":null}", "{\"id\":\"ep_1\"}")) {
            assertThat(problem(() -> patch(before, body)).type()).isEqualTo(ProblemType.UNKNOWN_FIELD);
        }
        assertThat(problem(() -> patch(before, "{\"url\":\"https://127.0.0.1/\"}"))
                        .field())
                .isEqualTo("url");
    }

    @Test
    void whatIsWrongWithAPatchIsSaidBeforeWhetherThereIsSuchAnEndpoint() {
        EndpointPatch bad = EndpointPatch.read(bytes("{\"timeout\":\"PT0S\"}"), json);
        EndpointPatch good = EndpointPatch.read(bytes("{\"timeout\":\"PT9S\"}"), json);
        for (String id : List.of("ep_none", id(create()))) {
            assertThat(problem(() -> done(changes.patch("evil", id, NONE, bad))).field())
                    .isEqualTo("timeout");
            assertThat(problem(() -> done(changes.patch("evil", id, NONE, good)))
                            .type())
                    .isEqualTo(ProblemType.NOT_FOUND);
        }
    }

    @Test
    void onlyTheVersionThatWasSeenIsChanged() {
        OwnedEndpoint first = create();
        OwnedEndpoint second = patch(first, "{\"description\":\"second\"}");
        HttpHeaders stale = ifMatch(first);

        EndpointPatch patch = EndpointPatch.read(bytes("{\"description\":\"third\"}"), json);
        for (ThrowingCallable change : List.<ThrowingCallable>of(
                () -> done(changes.patch("acme", id(first), stale, patch)),
                () -> done(changes.replace("acme", id(first), stale, EndpointFields.of(first.endpoint()))),
                () -> done(changes.pause("acme", id(first), stale)),
                () -> done(changes.resume("acme", id(first), stale)),
                () -> changes.delete("acme", id(first), stale).block())) {
            assertThat(problem(change).type()).isEqualTo(ProblemType.PRECONDITION_FAILED);
        }
        assertThat(endpoints.find("acme", id(first)).view().description()).isEqualTo("second");
        assertThat(done(changes.patch("acme", id(first), ifMatch(second), patch))
                        .view()
                        .description())
                .isEqualTo("third");
    }

    @Test
    void changesAtTheSameTimeAreAllMade() {
        OwnedEndpoint before = create();
        CompletableFuture<Void> gate = log.hold();
        List<CompletableFuture<OwnedEndpoint>> both = java.util.stream.Stream.of("a", "b", "c")
                .map(name -> EndpointPatch.read(bytes("{\"metadata\":{\"" + name + "\":\"1\"}}"), json))
                .map(patch -> changes.patch("acme", id(before), NONE, patch).toFuture())
                .toList();
        gate.complete(null);

        assertThat(both).allSatisfy(change -> assertThat(change).isCompleted());
        assertThat(endpoints.find("acme", id(before)).view().metadata()).containsKeys("a", "b", "c", "team");
    }

    @Test
    void aDeletionOfTheVersionThatWasSeenIsRefusedWhenAChangeOvertakesIt() {
        OwnedEndpoint before = create();
        CompletableFuture<Void> gate = log.hold();
        EndpointPatch patch = EndpointPatch.read(bytes("{\"description\":\"kept\"}"), json);
        CompletableFuture<@Nullable OwnedEndpoint> changing =
                changes.patch("acme", id(before), NONE, patch).toFuture();
        CompletableFuture<@Nullable Void> deleting =
                changes.delete("acme", id(before), ifMatch(before)).toFuture();
        gate.complete(null);

        // The gate lets the later write go first or last; never do both happen.
        boolean deleted = !deleting.isCompletedExceptionally();
        assertThat(log.find(id(before)).isEmpty()).isEqualTo(deleted);
        assertThat(changing.isCompletedExceptionally()).isEqualTo(deleted);
    }

    @Test
    void pausingTwiceIsPausingOnceAndResumingGoesOn() {
        OwnedEndpoint before = create();
        StatusChange paused = done(changes.pause("acme", id(before), NONE));
        StatusChange again = done(changes.pause("acme", id(before), NONE));

        assertThat(paused.stored().view().status()).isEqualTo("paused");
        assertThat(paused.backlog().state()).isEqualTo("waits");
        assertThat(again.stored().entityTag())
                .as("nothing was written")
                .isEqualTo(paused.stored().entityTag());
        assertThat(table.matching(Events.of("acme", "evt", "a", "{}")))
                .as("its events wait")
                .hasSize(1);

        StatusChange resumed = done(changes.resume("acme", id(before), NONE));
        assertThat(resumed.stored().view().status()).isEqualTo("active");
        assertThat(resumed.backlog().state()).isEqualTo("drains");
        assertThat(done(changes.resume("acme", id(before), NONE)).stored().entityTag())
                .isEqualTo(resumed.stored().entityTag());
    }

    @Test
    void tellsSinceWhenItHasItsStatusWhateverElseIsChanged() {
        Instant made = clock.instant();
        OwnedEndpoint before = create();
        assertThat(before.view().statusSince()).isEqualTo(made);

        Instant pausedAt = clock.advance(Duration.ofMinutes(1));
        changes.pause("acme", id(before), NONE).block();
        clock.advance(Duration.ofMinutes(1));
        changes.pause("acme", id(before), NONE).block();
        patch(before, "{\"description\":\"later\"}");
        assertThat(shown(before)).isEqualTo(new EndpointStatus("paused", pausedAt, null));

        Instant resumedAt = clock.advance(Duration.ofMinutes(1));
        changes.resume("acme", id(before), NONE).block();
        assertThat(shown(before)).isEqualTo(new EndpointStatus("active", resumedAt, null));

        Instant disabledAt = clock.advance(Duration.ofMinutes(1));
        new EndpointDisabler(table, clock)
                .disable(id(before), WebhookDisabledReason.FAILING)
                .join();
        clock.advance(Duration.ofMinutes(1));
        patch(before, "{\"description\":\"again\"}");
        assertThat(shown(before)).isEqualTo(new EndpointStatus("disabled", disabledAt, "failing"));

        changes.resume("acme", id(before), NONE).block();
        assertThat(shown(before).disabledReason()).as("why it was").isNull();
    }

    private EndpointStatus shown(OwnedEndpoint endpoint) {
        EndpointView view = endpoints.find("acme", id(endpoint)).view();
        return new EndpointStatus(view.status(), view.statusSince(), view.disabledReason());
    }

    @Test
    void whatIsDisabledCanBeResumedButNotPaused() {
        String id = id(create());
        new EndpointDisabler(table, clock)
                .disable(id, WebhookDisabledReason.FAILING)
                .join();

        ProblemException refused = problem(() -> done(changes.pause("acme", id, NONE)));
        assertThat(refused.type()).isEqualTo(ProblemType.CONFLICT);
        assertThat(refused.getMessage()).contains("has failed for long");
        assertThat(done(changes.resume("acme", id, NONE)).stored().view().status())
                .isEqualTo("active");
        assertThat(table.matching(Events.of("acme", "evt", "a", "{}"))).hasSize(1);
    }

    @Test
    void aChangeThatTheLogDoesNotTakeIsRefusedAndForgotten() {
        OwnedEndpoint before = create();
        log.failWith(new PublishFailedException("Kafka is away"));

        ProblemException problem = problem(() -> done(changes.pause("acme", id(before), NONE)));
        assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem.headers()).containsKey("Retry-After");
        assertThat(endpoints.find("acme", id(before)).view().status()).isEqualTo("active");
    }

    private OwnedEndpoint create() {
        CreateEndpoint request = json.read(bytes("""
                        {"url":"https://example.com/","eventTypes":["a"],"description":"first",
                         "headers":{"Authorization":"Bearer hunter2","X-Env":"test"},
                         "metadata":{"team":"a","old":"x"},"retryDelays":["PT5S"]}"""), CreateEndpoint.class);
        return done(endpoints.create("acme", EndpointDraft.of(request, rules))).stored();
    }

    private OwnedEndpoint patch(OwnedEndpoint endpoint, String body) {
        return done(changes.patch("acme", id(endpoint), NONE, EndpointPatch.read(bytes(body), json)));
    }

    private static String id(OwnedEndpoint endpoint) {
        return endpoint.endpoint().getId();
    }

    private static HttpHeaders ifMatch(OwnedEndpoint endpoint) {
        HttpHeaders headers = new HttpHeaders();
        headers.setIfMatch(endpoint.entityTag());
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T done(Mono<T> change) {
        return Optional.ofNullable(change.block()).orElseThrow();
    }

    private static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }
}
