package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random offers, starts and ends against plain queues: nothing lost, bounds kept, order kept, nobody passed over. */
class LaneSchedulePropertyTest {

    private record Job(String lane, int number) {}

    /** What should be waiting and running. */
    private static final class Oracle {
        private final LaneLimits limits;
        private final Map<String, Deque<Job>> waiting = new TreeMap<>();
        private final List<Job> running = new ArrayList<>();
        /** Lanes that may start nothing for reasons of their own. */
        private final Set<String> denied = new HashSet<>();
        /** Starts of other lanes since a lane could have gone. */
        private final Map<String, Integer> passedOver = new HashMap<>();

        Oracle(LaneLimits limits) {
            this.limits = limits;
        }

        boolean offer(Job job) {
            Deque<Job> lane = queue(job.lane());
            return lane.size() < limits.waitingPerLane() && lane.add(job);
        }

        Deque<Job> queue(String lane) {
            return waiting.computeIfAbsent(lane, unseen -> new ArrayDeque<>());
        }

        long running(String lane) {
            return running.stream().filter(job -> job.lane().equals(lane)).count();
        }

        List<String> mayGo() {
            if (running.size() >= limits.inFlight()) {
                return List.of();
            }
            return List.copyOf(waiting.keySet()).stream()
                    .filter(lane -> !denied.contains(lane)
                            && !queue(lane).isEmpty()
                            && running(lane) < limits.inFlightPerLane()
                            && hasRoom(tenantOf(lane)))
                    .toList();
        }

        /** The last quarter is for those that have less than a quarter. */
        boolean hasRoom(String tenant) {
            int quarter = Math.ceilDiv(limits.inFlight(), 4);
            long has = running.stream()
                    .filter(job -> tenantOf(job.lane()).equals(tenant))
                    .count();
            return has < quarter || running.size() < limits.inFlight() - quarter;
        }

        void started(Job job) {
            List<String> could = mayGo();
            assertThat(could).contains(job.lane());
            could.forEach(lane -> passedOver.merge(lane, 1, Integer::sum));
            passedOver.remove(job.lane());
            assertThat(passedOver.values())
                    .as("starts of others since a lane could go")
                    .allMatch(n -> n <= 12);
            assertThat(job)
                    .as("first in, first out")
                    .isEqualTo(queue(job.lane()).remove());
            running.add(job);
        }

        int waiting() {
            return waiting.values().stream().mapToInt(Deque::size).sum();
        }
    }

    /** Three tenants; lane-0, the busiest, has one of its own. */
    private static String tenantOf(String lane) {
        int number = Integer.parseInt(lane.substring("lane-".length()));
        return "tenant-" + (number == 0 ? 0 : 1 + number % 2);
    }

    @RepeatedTest(100)
    void startsWhatMayStartInTurns(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        LaneLimits limits = new LaneLimits(1 + random.nextInt(6), 1 + random.nextInt(3), 1 + random.nextInt(5));
        Oracle oracle = new Oracle(limits);
        LaneSchedule<Job> schedule = new LaneSchedule<>(limits, lane -> !oracle.denied.contains(lane));
        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    // One lane is much busier than the others.
                    Job job = new Job("lane-" + Math.max(0, random.nextInt(12) - 6), step);
                    assertThat(schedule.offer(tenantOf(job.lane()), job.lane(), job))
                            .isEqualTo(oracle.offer(job));
                }
                case 1 -> {
                    Optional<Job> next = schedule.next();
                    assertThat(next.isEmpty()).isEqualTo(oracle.mayGo().isEmpty());
                    next.ifPresent(oracle::started);
                }
                case 2 -> {
                    String lane = "lane-" + random.nextInt(6);
                    if (oracle.denied.remove(lane)) {
                        schedule.woken(lane);
                    } else {
                        oracle.denied.add(lane);
                        oracle.passedOver.remove(lane);
                    }
                }
                default -> {
                    if (!oracle.running.isEmpty()) {
                        Job done = oracle.running.remove(random.nextInt(oracle.running.size()));
                        schedule.finished(done.lane());
                    }
                }
            }
            assertThat(schedule.inFlight()).isEqualTo(oracle.running.size());
            assertThat(schedule.waiting()).isEqualTo(oracle.waiting());
        }
        Set<String> allowed = Set.copyOf(oracle.denied);
        oracle.denied.clear();
        allowed.forEach(schedule::woken);
        while (!oracle.running.isEmpty() || oracle.waiting() > 0) {
            schedule.next().ifPresent(oracle::started);
            if (!oracle.running.isEmpty()) {
                schedule.finished(oracle.running.removeFirst().lane());
            }
        }
        assertThat(schedule.lanes()).as("lanes that hold nothing").isZero();
        assertThat(schedule.tenants()).isZero();
    }

    @Test
    void aTenantWithTenThousandQueuedDelaysAnotherByATurn() {
        LaneSchedule<String> schedule = new LaneSchedule<>(new LaneLimits(256, 8, 100), lane -> true);
        for (int i = 0; i < 10_000; i++) {
            schedule.offer("busy", "busy-" + i % 100, "busy-" + i % 100);
        }
        int started = 0;
        while (schedule.next().isPresent()) {
            started++;
        }
        assertThat(started)
                .as("a quarter is left for others, even if all of these hang")
                .isEqualTo(192);
        for (int i = 0; i < 60; i++) {
            String other = "other-" + i % 10;
            schedule.offer("other", other, other);
            assertThat(schedule.next()).as("at once").hasValue(other);
        }
        schedule.finished("other-0");
        schedule.offer("third", "third", "third");
        assertThat(schedule.next()).hasValue("third");
    }

    @Test
    void tenantsTakeTurnsHoweverManyLanesOneHas() {
        LaneSchedule<String> schedule = new LaneSchedule<>(new LaneLimits(4, 4, 1_000), lane -> true);
        for (int i = 0; i < 1_000; i++) {
            schedule.offer("busy", "busy-" + i % 50, "busy-" + i % 50);
        }
        for (int i = 0; i < 30; i++) {
            schedule.offer("small", "small", "small");
        }
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String job = schedule.next().orElseThrow();
            order.add(job);
            schedule.finished(job);
        }
        assertThat(order.stream().filter("small"::equals)).as("every other one").hasSize(30);
    }

    @Test
    void aLaneThatHangsLeavesTheOthersTheirTurns() {
        LaneSchedule<Integer> schedule = new LaneSchedule<>(new LaneLimits(10, 2, 100), lane -> true);
        for (int i = 0; i < 100; i++) {
            schedule.offer("other", "hangs", i);
        }
        assertThat(schedule.next()).hasValue(0);
        assertThat(schedule.next()).hasValue(1);
        assertThat(schedule.next()).as("its share is used up").isEmpty();

        for (int i = 0; i < 1_000; i++) {
            schedule.offer("acme", "quick", i);
            assertThat(schedule.next()).hasValue(i);
            schedule.finished("quick");
        }
        assertThat(schedule.offer("other", "hangs", 100)).isTrue();
        assertThat(schedule.offer("other", "hangs", 101)).isTrue();
        assertThat(schedule.offer("other", "hangs", 102))
                .as("a lane is full on its own")
                .isFalse();
    }

    @Test
    void refusesEndsOfWhatWasNotStarted() {
        LaneSchedule<Integer> schedule = new LaneSchedule<>(new LaneLimits(1, 1, 1), lane -> true);
        assertThatIllegalStateException().isThrownBy(() -> schedule.finished("a"));
        schedule.offer("acme", "a", 1);
        assertThatIllegalStateException().isThrownBy(() -> schedule.finished("a"));
    }

    @Test
    void limitsMustLeaveRoomForSomething() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneLimits(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneLimits(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneLimits(1, 1, 0));
    }
}
