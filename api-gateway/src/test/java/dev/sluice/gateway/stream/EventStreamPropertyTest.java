package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.stream.EventStream.Stretch;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.record.DomainEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * A client that begins anywhere on a log that grows, while the shared reader lags, its own reading is slow and it loses its
 * connection now and then, hears of every partition exactly what a plain reading of the log from its beginning tells; and
 * when the log is deleted and made anew, all of the new one behind a gap.
 */
class EventStreamPropertyTest {

    private static final int ROUNDS = 150;
    private static final int PARTITIONS = 3;
    private static final String TENANT = "acme";

    private final RandomGenerator random = new Random(20260131);

    private final List<List<DomainEvent>> log = new ArrayList<>();
    private final Map<Integer, Long> heard = new HashMap<>();
    private int made;
    private EventTailListener tail = new EventTailListener();

    @Test
    void everyClientHearsTheLogFromWhereItBeganExactlyOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            reset();
            // Larger than all that comes: what a full buffer does is another matter.
            StreamBounds bounds = new StreamBounds(
                    random.nextInt(4, 2_000), random.nextLong(3_000, 2_000_000), new ByteBudget(Long.MAX_VALUE));
            play(bounds);
        }
    }

    private void reset() {
        log.clear();
        heard.clear();
        tail = new EventTailListener();
        tail.hearing(() -> Optional.of(heardSoFar()));
        IntStream.range(0, PARTITIONS).forEach(partition -> {
            log.add(new ArrayList<>());
            heard.put(partition, 0L);
        });
        append(random.nextInt(3_000));
        hear(random.nextInt(3_000));
    }

    private void play(StreamBounds bounds) {
        Positions start = Positions.of(IntStream.range(0, PARTITIONS)
                        .mapToLong(
                                partition -> random.nextInt(log.get(partition).size() + 1))
                        .toArray())
                .inLog(made);
        List<StreamItem> told = new ArrayList<>();
        EventStream stream = open(bounds, start);
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(6)) {
                case 0 -> append(random.nextInt(20));
                case 1 -> hear(random.nextInt(20));
                case 2, 3 -> read(stream, random.nextInt(1, 300));
                case 4 -> told.addAll(stream.poll(random.nextLong(1, 20_000)).items());
                default -> {
                    if (random.nextInt(20) == 0) {
                        replaceLog();
                    }
                    if (random.nextInt(10) == 0) {
                        stream.close(CloseReason.DISCONNECTED);
                        stream = open(
                                bounds, told.isEmpty() ? start : told.getLast().behind());
                    }
                }
            }
        }
        settle(stream, told);
        assertHeardOnce(start, told);
        assertThat(stream.isLive()).isTrue();
    }

    private void settle(EventStream stream, List<StreamItem> told) {
        // A client that keeps up, so that it comes to hear what comes.
        for (int step = 0; step < 10_000 && (!stream.isLive() || step == 0); step++) {
            hear(50);
            read(stream, 300);
            told.addAll(stream.poll(Long.MAX_VALUE).items());
        }
        while (log.stream().mapToInt(List::size).sum()
                > heard.values().stream().mapToLong(Long::longValue).sum()) {
            hear(1);
            told.addAll(stream.poll(Long.MAX_VALUE).items());
        }
        told.addAll(stream.poll(Long.MAX_VALUE).items());
    }

    /** Events that were left out are had from a second stream, as the gap says. */
    private void assertHeardOnce(Positions start, List<StreamItem> told) {
        Positions log = start;
        long[] next = IntStream.range(0, PARTITIONS).mapToLong(start::at).toArray();
        for (StreamItem item : told) {
            if (item instanceof StreamItem.Event event) {
                int partition = event.event().partition();
                assertThat(event.event().offset()).isEqualTo(next[partition]);
                next[partition]++;
                assertThat(event.behind()).isEqualTo(Positions.of(next).inLogOf(log));
            } else if (item instanceof StreamItem.Slow gap) {
                assertThat(gap.from()).isEqualTo(Positions.of(next).inLogOf(log));
                assertThat(gap.events()).isEqualTo(gap.from().recordsTo(gap.behind()));
                next = IntStream.range(0, PARTITIONS)
                        .mapToLong(gap.behind()::at)
                        .toArray();
            } else if (item instanceof StreamItem.Replaced gap) {
                log = gap.behind();
                next = new long[PARTITIONS];
            }
        }
        assertThat(Positions.of(next).inLogOf(log)).isEqualTo(heardSoFar());
    }

    private EventStream open(StreamBounds bounds, Positions start) {
        EventStream stream = new EventStream(TENANT, EventFilter.EVERYTHING, tail, bounds, start);
        stream.begin(null);
        return stream;
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            log.get(random.nextInt(PARTITIONS)).add(TestEvents.event(TENANT, "id", "type", null, "1"));
        }
    }

    private Positions heardSoFar() {
        return Positions.of(IntStream.range(0, PARTITIONS)
                        .mapToLong(partition -> heard.getOrDefault(partition, 0L))
                        .toArray())
                .inLog(made);
    }

    /** The shared reader is the first to notice. */
    private void replaceLog() {
        made++;
        log.forEach(List::clear);
        heard.replaceAll((partition, offset) -> 0L);
        tail.setBack();
        append(random.nextInt(2_000));
    }

    /** The shared reader goes on by so many records, a few of a partition at a time. */
    private void hear(int count) {
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(PARTITIONS);
            long offset = heard.getOrDefault(partition, 0L);
            if (offset < log.get(partition).size()) {
                heard.put(partition, offset + 1);
                tail.onRecord(new ConsumerRecord<>(
                        "events", partition, offset, "key", log.get(partition).get((int) offset)));
            }
        }
    }

    /** As the reader of the past does it. */
    private void read(EventStream stream, int most) {
        Optional<Stretch> wanted = stream.startReading();
        if (wanted.isEmpty()) {
            return;
        }
        if (random.nextInt(20) == 0) {
            stream.failReading();
            return;
        }
        Positions at = wanted.get().from();
        List<StreamedEvent> events = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            while (at.at(partition) < wanted.get().until().at(partition) && events.size() < most) {
                long offset = at.at(partition);
                at = at.with(partition, offset + 1);
                events.add(StreamedEvent.of(
                        new ConsumerRecord<>("events", partition, offset, "key", "value"),
                        log.get(partition).get((int) offset),
                        at));
            }
        }
        if (random.nextBoolean()) {
            hear(random.nextInt(30));
        }
        if (random.nextInt(200) == 0) {
            replaceLog();
        }
        stream.endReading(events, at);
    }
}
