package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Gateways that come and go and a real Redis that loses its counts, against a plain sum of all that was charged. */
class FlooredCountsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NOON = Limits.micros("2026-05-01T12:00:00Z");
    private static final Limit DAY = Limits.daily(1_000_000);
    private static final List<Limit> LIMITS = List.of(DAY);

    private final Random random = Randomness.seeded();
    private final FakeClock clock = FakeClock.startingAt(Instant.parse("2026-05-01T12:00:00Z"));
    private final RedisClients clients =
            new RedisClients(LocalRedis.shared().host(), LocalRedis.shared().port());

    @AfterEach
    void disconnect() {
        clients.close();
    }

    /** One gateway: what it remembers, and what it has read of the log. */
    private final class Gateway {

        private final LimitFloors floors = new LimitFloors(10, clock, new SimpleMeterRegistry());
        private final RedisSharedLimits limits = clients.limits(floors);
        private LeaseBook book = newBook();

        private static LeaseBook newBook() {
            return new LeaseBook(UUID.randomUUID().toString().replace("-", ""), LeaseTerms.DEFAULT);
        }
    }

    private final class World {

        private final String tenant = "tenant-" + UUID.randomUUID();
        private final List<Gateway> gateways = List.of(new Gateway(), new Gateway(), new Gateway());
        private final List<String> history = new ArrayList<>();
        private long charged;
        private long onLog;
        private long epoch = 1;
        private long numbers;
        private long micros;

        /** So much was charged, and the log tells of all of it. */
        private void hasCounted(long units) {
            charged = units;
            onLog = units;
        }

        private void step() {
            micros += random.nextLong(1_000);
            Gateway gateway = gateways.get(random.nextInt(gateways.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> decide(gateway, random.nextInt(1, 5));
                case 2 -> decideAlone(gateway, random.nextInt(1, 5));
                case 3 -> settle(gateway);
                case 4 -> lose();
                case 5 -> restart(gateway);
                case 6 -> onLog = random.nextLong(onLog, charged + 1);
                default -> read(gateway);
            }
        }

        private void decide(Gateway gateway, long cost) {
            settle(gateway);
            LeaseBook.Mark asked = gateway.book.mark(LIMITS, micros);
            LimitDecision made = answer(gateway.limits.decideAt(time(), tenant, LIMITS, cost));
            charged += cost;
            gateway.book.confirm(LIMITS, made, cost, asked, micros);
            log(gateway, "charged " + cost);
        }

        /** Redis does not answer this gateway. */
        private void decideAlone(Gateway gateway, long cost) {
            gateway.book.owe(LIMITS, cost, micros, NOON + micros);
            charged += cost;
            log(gateway, "owed " + cost);
        }

        private void settle(Gateway gateway) {
            send(gateway, gateway.book.refill(++numbers, List.of(), micros));
        }

        /** Before anybody decides again, all have told what they know, in any order. */
        private void lose() {
            clients.template().delete(RedisSharedLimits.keyOf(tenant)).block(PATIENCE);
            epoch++;
            List<Gateway> inAnyOrder = new ArrayList<>(gateways);
            Collections.shuffle(inAnyOrder, random);
            log(gateways.getFirst(), "lost");
            for (Gateway gateway : inAnyOrder) {
                if (random.nextInt(3) == 0) {
                    read(gateways.get(random.nextInt(gateways.size())));
                }
                send(gateway, gateway.book.recount(++numbers, epoch, micros));
            }
        }

        private void send(Gateway gateway, @Nullable LeaseCall call) {
            if (call != null) {
                LeaseReply reply = answer(gateway.limits.leaseAt(time(), tenant, call));
                gateway.book.answered(call, reply, micros, micros);
                log(gateway, "told " + call.lines().getFirst());
            }
        }

        /** Killed; what it owed and heard is gone with it. */
        private void restart(Gateway gateway) {
            gateway.book = Gateway.newBook();
            log(gateway, "restarted");
        }

        private void read(Gateway gateway) {
            gateway.floors.put(tenant, DAY.counter(), Period.DAY, Period.DAY.startOf(NOON), 0, onLog);
            log(gateway, "read " + onLog);
        }

        private long used(Gateway gateway) {
            return answer(gateway.limits.decideAt(time(), tenant, LIMITS, 0))
                    .uses()
                    .getFirst()
                    .used();
        }

        private void log(Gateway gateway, String what) {
            history.add(gateways.indexOf(gateway) + " " + what + " " + clients.fields(RedisSharedLimits.keyOf(tenant)));
            long counted = used(gateways.getFirst());
            assertThat(counted)
                    .as("more than was charged: %s", String.join("\n", history))
                    .isLessThanOrEqualTo(charged);
        }

        private String time() {
            return Long.toString(NOON + micros);
        }

        private static <T> T answer(Mono<T> answer) {
            return answer.blockOptional(PATIENCE).orElseThrow();
        }
    }

    @Test
    void neverCountMoreThanWasChargedNorLessThanTheLogHasCounted() {
        for (int run = 0; run < 150; run++) {
            World world = new World();
            for (int i = 0; i < 60; i++) {
                world.step();
            }
            world.onLog = world.charged;
            for (Gateway gateway : world.gateways) {
                world.read(gateway);
                assertThat(world.used(gateway))
                        .as("run %d: %s", run, String.join("\n", world.history))
                        .isEqualTo(world.charged);
                world.settle(gateway);
            }
            world.decide(world.gateways.getFirst(), 1);
            assertThat(world.used(world.gateways.getLast())).isEqualTo(world.charged);
        }
    }

    @Test
    void findAFloorWithoutLeavingATraceWhenTheyAreOnlyLookedAt() {
        World world = new World();
        world.hasCounted(40);
        world.read(world.gateways.getFirst());
        assertThat(world.used(world.gateways.getFirst())).isEqualTo(40);
        assertThat(clients.fields(RedisSharedLimits.keyOf(world.tenant))).isEmpty();
    }

    @Test
    void keepAFloorAlsoWhenItRefuses() {
        World world = new World();
        world.hasCounted(40);
        Gateway gateway = world.gateways.getFirst();
        world.read(gateway);
        List<Limit> small = List.of(Limits.daily(40));
        assertThat(World.answer(gateway.limits.decideAt(world.time(), world.tenant, small, 1))
                        .verdict())
                .isEqualTo(Verdict.DENIED);
        Gateway unread = world.gateways.getLast();
        assertThat(world.used(unread)).isEqualTo(40);
    }

    @Test
    void grantNoLeaseBelowAFloor() {
        World world = new World();
        world.hasCounted(4_990);
        Gateway gateway = world.gateways.getFirst();
        world.read(gateway);
        LeaseCall.Line line = new LeaseCall.Line(Limits.daily(5_000), 0, 0, 0, 0, 100, 100);
        LeaseReply reply = World.answer(gateway.limits.leaseAt(
                world.time(), world.tenant, new LeaseCall("one", 1, 0, 60_000_000, List.of(line))));
        assertThat(reply.lines().getFirst().granted()).isEqualTo(10);
    }

    @Test
    void takeNoFloorOfAWindowThatIsOver() {
        World world = new World();
        world.hasCounted(40);
        Gateway gateway = world.gateways.getFirst();
        world.read(gateway);
        String tomorrow = Long.toString(NOON + Duration.ofDays(1).toNanos() / 1_000);
        assertThat(World.answer(gateway.limits.decideAt(tomorrow, world.tenant, LIMITS, 1))
                        .uses()
                        .getFirst()
                        .used())
                .isEqualTo(1);
    }
}
