package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Events while somebody else kills processes, for receivers that take everything, that come and go, and one in order that comes and goes
 * too. In the end each event has been delivered or was given up, which its tenant is told by an event.
 */
final class Chaos {

    private static final String FLOW = "bench.chaos";
    private static final String ORDERED = "bench.ordered";
    private static final int STEADY = 2;
    private static final int FLAPPING = 3;
    private static final long FLAP_NANOS = Duration.ofSeconds(3).toNanos();
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String OFTEN = ",\"retryDelays\":[" + "\"PT1S\",".repeat(19) + "\"PT1S\"]";
    private static final String ONCE = ",\"retryDelays\":[\"PT1S\"]";
    private static final double NANOS_A_SECOND = 1e9;
    private static final Pattern TOLD = Pattern.compile("\"webhookId\":\"([^\"]+)\".*\"eventId\":\"[^\"]*-([0-9]+)\"");

    private final Site site;
    private final Map<String, Set<Integer>> dead = new ConcurrentHashMap<>();

    Chaos(Site site) {
        this.site = site;
    }

    /** Events a second, for so many seconds; then the killing is to have ended. */
    void run(int perSecond, int seconds) throws IOException, InterruptedException {
        int events = perSecond * seconds;
        // Behind them those that are in order, one after the other.
        Ledger ledger = new Ledger(2 * events);
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        Hook bookkeeper = site.receiver().newHooks(1, 0).getFirst();
        bookkeeper.onBody(this::told);
        site.platform().register(key, bookkeeper, "webhook.delivery.exhausted", OFTEN);
        List<Hook> hooks = new ArrayList<>(site.receiver().newHooks(STEADY + FLAPPING, events));
        for (int i = 0; i < hooks.size(); i++) {
            if (i >= STEADY) {
                flap(hooks.get(i), i);
            }
            // What it refuses twice within three seconds is given up.
            site.platform().register(key, hooks.get(i), FLOW, i == STEADY ? ONCE : OFTEN);
        }
        Hook ordered = site.receiver().newHooks(1, ledger.size()).getFirst();
        flap(ordered, 0);
        site.platform().register(key, ordered, ORDERED, ",\"ordering\":\"fifo\"" + OFTEN);
        AtomicBoolean ended = new AtomicBoolean();
        Thread inOrder = Thread.ofPlatform().start(() -> {
            for (int event = events; event < ledger.size() && !ended.get(); event++) {
                source.oneByOne(key, ORDERED, event);
                Site.pause(Duration.ofMillis(20));
            }
        });
        source.steadily(key, event -> FLOW, 0, events, perSecond);
        ended.set(true);
        inOrder.join();
        long start = System.nanoTime();
        boolean all = Site.await(
                () -> hooks.stream().allMatch(hook -> pending(ledger, hook, 0, events) == 0)
                        && pending(ledger, ordered, events, ledger.size()) == 0,
                PATIENCE);
        site.out()
                .printf(
                        "%s %.0f s after the last event was accepted%n",
                        all ? "nothing was pending" : "something was still pending",
                        (System.nanoTime() - start) / NANOS_A_SECOND);
        hooks.forEach(hook -> tell("any order", ledger, hook, 0, events));
        tell("in order", ledger, ordered, events, ledger.size());
        site.out().printf("in the order of their events: %s%n", isInOrder(ordered, events, ledger.size()));
    }

    private static void flap(Hook hook, int phase) {
        hook.takesWhen(() -> (System.nanoTime() / FLAP_NANOS + phase) % 2 == 0);
    }

    private void told(String body) {
        Matcher matcher = TOLD.matcher(body);
        if (matcher.find()) {
            dead.computeIfAbsent(matcher.group(1), id -> ConcurrentHashMap.newKeySet())
                    .add(Integer.valueOf(matcher.group(2)));
        }
    }

    private boolean isDead(Hook hook, int event) {
        return dead.getOrDefault(hook.id(), Set.of()).contains(event);
    }

    private long pending(Ledger ledger, Hook hook, int from, int to) {
        return IntStream.range(from, to)
                .filter(event -> ledger.isAccepted(event) && !hook.has(event) && !isDead(hook, event))
                .count();
    }

    private void tell(String name, Ledger ledger, Hook hook, int from, int to) {
        site.out()
                .printf(
                        "%s: %d accepted, %d delivered, %d given up, %d pending; %d more than once, %d requests, %d with a wrong signature%n",
                        name,
                        IntStream.range(from, to).filter(ledger::isAccepted).count(),
                        hook.count(from, to),
                        IntStream.range(from, to)
                                .filter(event -> !hook.has(event) && isDead(hook, event))
                                .count(),
                        pending(ledger, hook, from, to),
                        hook.repeated(),
                        hook.calls(),
                        hook.forged());
    }

    private static boolean isInOrder(Hook hook, int from, int to) {
        long last = 0;
        for (int event = from; event < to; event++) {
            if (hook.has(event)) {
                if (hook.firstAt(event) - last < 0) {
                    return false;
                }
                last = hook.firstAt(event);
            }
        }
        return true;
    }
}
