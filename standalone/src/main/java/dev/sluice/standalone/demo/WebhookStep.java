package dev.sluice.standalone.demo;

import dev.sluice.standalone.demo.WebhookReceiver.Received;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Events go in, signed webhooks come out: every event that was answered 202 must reach the endpoint that wants it, and
 * an endpoint that refuses the first attempt must get a second one with the same id, not before it is due.
 */
final class WebhookStep implements DemoStep {

    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    /** Jitter may take a fifth off a delay; the receiver's clock starts at the first attempt's arrival. */
    private static final Duration EARLIEST_RETRY = RETRY_DELAY.multipliedBy(8).dividedBy(10);

    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(3);

    private final ApiClient api;
    private final WebhookReceiver receiver;
    private final String run;
    private final int events;
    private final int retriedEvents;
    private final Consumer<String> progress;

    WebhookStep(
            ApiClient api, WebhookReceiver receiver, String run, int events, int retried, Consumer<String> progress) {
        this.api = api;
        this.receiver = receiver;
        this.run = run;
        this.events = events;
        this.retriedEvents = retried;
        this.progress = progress;
    }

    @Override
    public String title() {
        return "Events in, signed webhooks out, one endpoint that fails first";
    }

    @Override
    public List<Check> run() {
        String steady = register("steady", "demo.order." + run + ".created");
        String flaky = register("flaky", "demo.payment." + run + ".failed");
        try {
            Set<String> orders = publish("demo.order." + run + ".created", events);
            Set<String> payments = publish("demo.payment." + run + ".failed", retriedEvents);
            progress.accept((orders.size() + payments.size()) + " events answered 202, waiting for their webhooks");
            Waiting.until(
                    DELIVERY_LIMIT,
                    () -> delivered("steady").containsAll(orders)
                            && delivered("flaky").containsAll(payments));
            return checks(orders, payments);
        } finally {
            unregister(steady);
            unregister(flaky);
        }
    }

    private List<Check> checks(Set<String> orders, Set<String> payments) {
        List<Received> steady = receiver.received("steady");
        List<Received> flaky = receiver.received("flaky");
        long verified = Stream.concat(steady.stream(), flaky.stream())
                .filter(Received::verified)
                .count();
        long retried = payments.stream().filter(key -> sameIdTwice(flaky, key)).count();
        long early = payments.stream().filter(key -> early(flaky, key)).count();
        return List.of(
                Check.equal(
                        "events delivered at the first endpoint", orders.size(), count(orders, delivered("steady"))),
                Check.equal(
                        "events delivered at the failing endpoint",
                        payments.size(),
                        count(payments, delivered("flaky"))),
                Check.equal("signatures verified by the public library", (long) steady.size() + flaky.size(), verified),
                Check.equal("retries that kept their webhook-id", payments.size(), retried),
                Check.equal("retries that came too early", 0, early));
    }

    private String register(String path, String eventType) {
        var endpoint = api.json(
                "POST",
                "/api/v1/webhooks",
                "{\"url\":\"%s\",\"eventTypes\":[\"%s\"],\"description\":\"demo\"}"
                        .formatted(receiver.url(path), eventType),
                201);
        String secret = endpoint.path("secret").asString();
        if (path.equals("flaky")) {
            receiver.failFirst(path, secret);
        } else {
            receiver.accept(path, secret);
        }
        return endpoint.path("id").asString();
    }

    private void unregister(String id) {
        api.sendUntilAnswered("DELETE", "/api/v1/webhooks/" + id, "", new byte[0]);
    }

    /** Publishes and returns the keys of the events that were answered 202. */
    private Set<String> publish(String type, int count) {
        Set<String> accepted = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String key = type + "-" + i;
            String event =
                    "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/demo\",\"type\":\"%s\",\"subject\":\"customer-%d\",\"data\":{\"key\":\"%s\",\"amount\":%d}}"
                            .formatted(run + "-" + i, type, i % 10, key, i * 7);
            var answer = api.sendUntilAnswered(
                    "POST", "/api/v1/events", "application/cloudevents+json", event.getBytes(StandardCharsets.UTF_8));
            if (answer.status() == 202) {
                accepted.add(key);
            }
            if ((i + 1) % 100 == 0) {
                progress.accept((i + 1) + " events of " + type);
            }
        }
        return accepted;
    }

    private Set<String> delivered(String path) {
        return receiver.received(path).stream()
                .filter(one -> one.verified() && one.answered() < 300)
                .map(Received::eventKey)
                .collect(Collectors.toSet());
    }

    private static long count(Set<String> wanted, Set<String> seen) {
        return wanted.stream().filter(seen::contains).count();
    }

    private static boolean sameIdTwice(List<Received> all, String key) {
        List<Received> attempts = attempts(all, key);
        return attempts.size() > 1
                && attempts.stream().map(Received::webhookId).distinct().count() == 1;
    }

    private static boolean early(List<Received> all, String key) {
        List<Received> attempts = attempts(all, key);
        return attempts.size() > 1
                && attempts.get(1).receivedNanos() - attempts.get(0).receivedNanos() < EARLIEST_RETRY.toNanos();
    }

    private static List<Received> attempts(List<Received> all, String key) {
        return all.stream().filter(one -> one.eventKey().equals(key)).toList();
    }
}
