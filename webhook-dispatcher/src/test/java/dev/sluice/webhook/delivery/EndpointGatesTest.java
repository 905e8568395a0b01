package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.webhook.endpoint.RateLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What owners allow, on a simulated clock. */
class EndpointGatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final SimulatedTime time = new SimulatedTime();
    private final Map<String, Allowance> allowed = new HashMap<>();
    private final EndpointGates gates = new EndpointGates(
            id -> allowed.getOrDefault(id, Allowance.UNLIMITED),
            new BreakerLimits(3, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30)),
            time,
            time);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** One side that asks for endpoints as long as it has something for them. */
    private final class Asker {
        private final Map<String, Integer> waiting = new HashMap<>();
        private final Map<String, List<Long>> begun = new HashMap<>();
        private final Queue<String> inside = new ArrayDeque<>();
        private final Consumer<String> ask = this::ask;
        private int asked;

        Asker() {
            gates.onOpen(ask);
        }

        void offer(String id, int count) {
            waiting.merge(id, count, Integer::sum);
            ask(id);
        }

        void ask(String id) {
            while (waiting.getOrDefault(id, 0) > 0) {
                asked++;
                if (!gates.tryEnter(id, ask)) {
                    return;
                }
                waiting.merge(id, -1, Integer::sum);
                begun.computeIfAbsent(id, unseen -> new ArrayList<>()).add(time.elapsed());
                inside.add(id);
            }
        }

        void endAll() {
            for (String id = inside.poll(); id != null; id = inside.poll()) {
                gates.leave(id, ask);
            }
        }

        /** Those that are inside now, and none that come in for them. */
        void endThese() {
            for (int i = inside.size(); i > 0; i--) {
                gates.leave(inside.remove(), ask);
            }
        }

        List<Long> begun(String id) {
            return begun.getOrDefault(id, List.of());
        }
    }

    @Test
    void thousandsOfRatesAreKeptAndNobodyIsAskedInVain() {
        Random random = new Random(7);
        Asker first = new Asker();
        Asker later = new Asker();
        int endpoints = 3_000;
        for (int i = 0; i < endpoints; i++) {
            int requests = 1 + random.nextInt(50);
            allowed.put(
                    "ep_" + i,
                    rate(requests, Duration.ofSeconds(1 + random.nextInt(60)), 1 + random.nextInt(requests)));
        }
        time.advance(120 * SECOND);
        for (int i = 0; i < endpoints; i++) {
            first.offer("ep_" + i, 10);
            later.offer("ep_" + i, 5);
        }
        for (int tenth = 0; tenth < 9_500; tenth++) {
            time.advance(SECOND / 10);
            first.endAll();
            later.endAll();
        }
        int starts = 0;
        for (int i = 0; i < endpoints; i++) {
            List<Long> all = new ArrayList<>(first.begun("ep_" + i));
            all.addAll(later.begun("ep_" + i));
            all.sort(Long::compare);
            starts += all.size();
            RateLimit limit =
                    allowed.getOrDefault("ep_" + i, Allowance.UNLIMITED).rate().orElseThrow();
            assertThat(all).as("all of ep_%s, first attempts and later ones", i).hasSize(15);
            for (int from = 0; from < all.size(); from++) {
                for (int to = from; to < all.size(); to++) {
                    long elapsed = all.get(to) - all.get(from);
                    assertThat((long) to - from + 1)
                            .isLessThanOrEqualTo(limit.burst() + elapsed / limit.nanosPerRequest());
                }
            }
        }
        assertThat(first.asked + later.asked).as("questions").isLessThan(7 * starts);
        assertThat(time.asked()).as("alarms").isLessThan(2L * starts);
        assertThat(time.pending()).isZero();
        assertThat(gates.size()).as("what is remembered of idle ones").isZero();
    }

    @Test
    void bothSidesHaveTheirTurnsAtARate() {
        Asker first = new Asker();
        Asker later = new Asker();
        allowed.put("a", rate(1, Duration.ofSeconds(1), 1));
        time.advance(10 * SECOND);
        first.offer("a", 100);
        later.offer("a", 5);
        for (int i = 0; i < 10; i++) {
            time.advance(SECOND);
            first.endAll();
            later.endAll();
        }
        assertThat(later.begun("a")).hasSize(5);
        assertThat(first.begun("a").size()).isBetween(5, 6);
    }

    @Test
    void whatOthersMayHaveSentCounts() {
        Asker asker = new Asker();
        allowed.put("a", rate(10, Duration.ofSeconds(10), 3));
        asker.offer("a", 2);
        assertThat(asker.begun("a")).as("just started").isEmpty();
        time.advance(SECOND);
        assertThat(asker.begun("a")).hasSize(1);
        asker.endAll();
        time.advance(60 * SECOND);
        asker.endAll();

        gates.takenOver();
        asker.offer("a", 3);
        assertThat(asker.begun("a")).as("taken over").hasSize(2);
        time.advance(SECOND);
        assertThat(asker.begun("a")).hasSize(3);
    }

    @Test
    void whoWaitsForALongTimeIsToldOfALargerRate() {
        Asker asker = new Asker();
        allowed.put("a", rate(1, Duration.ofHours(1), 1));
        asker.offer("a", 3);
        allowed.put("a", rate(10, Duration.ofSeconds(1), 1));
        time.advance(SECOND);
        assertThat(asker.begun("a")).isEmpty();
        gates.changed("a");
        time.advance(SECOND);
        assertThat(asker.begun("a")).hasSize(3);
        asker.endAll();
        time.advance(3_600 * SECOND);
        assertThat(gates.size()).isZero();
    }

    @Test
    void aRateThatIsTakenAwayHoldsNothingBack() {
        Asker asker = new Asker();
        allowed.put("a", rate(1, Duration.ofHours(1), 1));
        time.advance(3_600 * SECOND);
        asker.offer("a", 3);
        assertThat(asker.begun("a")).hasSize(1);
        allowed.remove("a");
        asker.ask("a");
        assertThat(asker.begun("a")).hasSize(3);
        asker.endAll();
        time.advance(3_600 * SECOND);
        assertThat(gates.size()).isZero();
    }

    @Test
    void aGateIsClosedUntilItIsTimeOrNobodyWantsOrder() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, true, 1, Optional.empty()));
        gates.holdInOrder("a", 5 * SECOND);
        assertThat(gates.isClosed("a")).isTrue();
        asker.offer("a", 2);
        assertThat(asker.begun("a")).isEmpty();
        time.advance(5 * SECOND);
        assertThat(asker.begun("a")).as("one after the other").hasSize(1);
        asker.endAll();

        gates.holdInOrder("a", 3_600 * SECOND);
        allowed.put("a", new Allowance(false, true, 1, Optional.empty()));
        allowed.put("b", new Allowance(false, true, 1, Optional.empty()));
        assertThat(gates.isClosed("b")).as("paused").isTrue();
        allowed.put("a", Allowance.UNLIMITED);
        assertThat(gates.isClosed("a")).as("no order wanted any more").isFalse();
        asker.endAll();
        time.advance(3_600 * SECOND);
        assertThat(gates.size()).isZero();
    }

    @Test
    void anEndpointThatFailsInARowIsProbedOneByOne() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, false, 8, Optional.empty()));
        asker.offer("a", 100);
        assertThat(asker.begun("a")).hasSize(8);
        for (int i = 0; i < 3; i++) {
            assertThat(gates.isClosed("a")).isFalse();
            gates.answered("a", FAILED, 0);
        }
        assertThat(gates.isClosed("a")).isTrue();
        assertThat(gates.health("a").isOpen()).isTrue();
        asker.endAll();
        assertThat(asker.begun("a")).as("nothing while it is open").hasSize(8);

        time.advance(5 * SECOND);
        assertThat(asker.begun("a")).as("the probe").hasSize(9);
        assertThat(gates.answered("a", FAILED, 0)).as("another is told").isTrue();
        asker.endAll();
        time.advance(9 * SECOND);
        assertThat(asker.begun("a")).hasSize(9);
        time.advance(SECOND);
        assertThat(asker.begun("a")).as("twice as long").hasSize(10);
        assertThat(gates.answered("a", SUCCEEDED, 0)).isTrue();
        asker.endThese();
        assertThat(asker.begun("a")).hasSize(18);
        assertThat(gates.health("a")).isEqualTo(Health.GOOD);
    }

    @Test
    void answersThatSayItIsTooMuchHalveWhatIsBegunAtOnce() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, false, 8, Optional.empty()));
        asker.offer("a", 1_000);
        long begun = time.getAsLong();
        time.advance(SECOND);
        for (int i = 0; i < 2; i++) {
            gates.answered("a", new Reaction(false, true, Optional.empty()), begun);
            gates.answered("a", SUCCEEDED, begun);
        }
        assertThat(gates.health("a").concurrency())
                .as("once for all that were under way")
                .hasValue(4);
        asker.endThese();
        assertThat(asker.inside).hasSize(4);
        for (int round = 0; round < 40; round++) {
            asker.inside.forEach(id -> gates.answered(id, SUCCEEDED, time.getAsLong()));
            asker.endThese();
        }
        assertThat(asker.inside).as("as many as its owner allows").hasSize(8);
    }

    @Test
    void aReceiverIsLeftAloneAsLongAsItAsksForWithinBounds() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, false, 1, Optional.empty()));
        asker.offer("a", 3);
        gates.answered("a", new Reaction(false, true, Optional.of(Duration.ofSeconds(7))), 0);
        asker.endAll();
        time.advance(7 * SECOND - 1);
        assertThat(asker.begun("a")).hasSize(1);
        time.advance(1);
        assertThat(asker.begun("a")).hasSize(2);
        gates.answered("a", new Reaction(false, true, Optional.of(Duration.ofHours(24))), 0);
        asker.endAll();
        time.advance(30 * SECOND);
        assertThat(asker.begun("a")).hasSize(3);
        gates.answered("a", SUCCEEDED, 0);
        asker.endAll();
        time.advance(3_600 * SECOND);
        assertThat(gates.size())
                .as("what is remembered of one that gets nothing")
                .isZero();
    }

    @Test
    void whatIsToBeGotRidOfIsNotHeldBack() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, false, 1, Optional.empty()));
        asker.offer("a", 5);
        for (int i = 0; i < 3; i++) {
            gates.answered("a", FAILED, 0);
        }
        allowed.remove("a");
        asker.endAll();
        assertThat(asker.begun("a")).hasSize(5);
        asker.endAll();
        time.advance(3_600 * SECOND);
        assertThat(gates.size()).isZero();
    }

    /** In order, what failed is due in a day; a change has the gate looked at at once. */
    @Test
    void howeverOftenOneIsChangedItHasOneCall() {
        allowed.put("a", new Allowance(true, true, 1, Optional.empty()));
        gates.holdInOrder("a", 86_400 * SECOND);
        for (int i = 0; i < 1_000; i++) {
            gates.changed("a");
            time.advance(SECOND);
        }
        assertThat(gates.isClosed("a")).isTrue();
        assertThat(time.pending()).isEqualTo(1);

        time.advance(86_400 * SECOND);
        assertThat(gates.size()).isZero();
        assertThat(time.pending()).isZero();
    }

    @Test
    void anOpenBreakerIsTakenOver() {
        Asker asker = new Asker();
        allowed.put("a", new Allowance(true, false, 8, Optional.empty()));
        gates.takenOver("a", 12, 3 * SECOND);
        asker.offer("a", 5);
        assertThat(asker.begun("a")).isEmpty();
        time.advance(3 * SECOND);
        assertThat(asker.begun("a")).hasSize(1);
        gates.answered("a", SUCCEEDED, 0);
        asker.endAll();
        assertThat(asker.begun("a")).hasSize(5);
    }

    @Test
    void countsBreakersByTheirState() {
        DeliveryMetrics metrics = new DeliveryMetrics(meters, new DeliverySpans(Telemetry.NONE));
        metrics.watch(gates);
        assertThat(breakers()).isEqualTo("closed 0 open 0 half_open 0");
        Asker asker = new Asker();
        List.of("a", "b", "well").forEach(id -> asker.offer(id, 1));
        gates.answered("a", FAILED, 0);
        gates.answered("b", FAILED, 0);
        assertThat(breakers()).isEqualTo("closed 2 open 0 half_open 0");
        gates.answered("a", FAILED, 0);
        gates.answered("a", FAILED, 0);
        assertThat(breakers()).isEqualTo("closed 1 open 1 half_open 0");
        time.advance(5 * SECOND);
        assertThat(breakers()).isEqualTo("closed 1 open 0 half_open 1");
        gates.answered("a", SUCCEEDED, 0);
        gates.answered("b", SUCCEEDED, 0);
        assertThat(breakers()).isEqualTo("closed 0 open 0 half_open 0");
    }

    private String breakers() {
        return Stream.of("closed", "open", "half_open")
                .map(state -> state + " "
                        + (int) meters.get("sluice.webhook.breakers")
                                .tag("state", state)
                                .gauge()
                                .value())
                .collect(Collectors.joining(" "));
    }

    private static final Reaction FAILED = new Reaction(false, false, Optional.empty());
    private static final Reaction SUCCEEDED = new Reaction(true, false, Optional.empty());

    @Test
    void refusesEndsOfWhatWasNotBegun() {
        assertThatIllegalStateException().isThrownBy(() -> gates.leave("a", id -> {}));
    }

    private static Allowance rate(int requests, Duration period, int burst) {
        return new Allowance(true, false, Integer.MAX_VALUE, Optional.of(new RateLimit(requests, period, burst)));
    }
}
