package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a list that is counted through. */
class RecencyListTest {
    private static final int KEYS = 700;

    @Test
    void countsWhatWasReadSince() {
        Random random = new Random(1);
        KeySample sample = new KeySample(KEYS, RecencyList.FIELDS, KeySample.POSITIONS);
        RecencyList list = new RecencyList(sample);
        // By place, the one that was read last at the end.
        Map<Integer, Long> oracle = new LinkedHashMap<>();
        int counted = KEYS / 2;
        for (int key = 0; key < KEYS; key++) {
            long hash = Workloads.keyOf(key);
            int place = sample.add(hash, KeySample.mix(hash), 0);
            list.add(place, 100, place < counted);
            oracle.put(place, 100L);
        }
        for (int i = 0; i < 30_000; i++) {
            int place = random.nextInt(5) > 0 ? random.nextInt(KEYS / 20) : random.nextInt(KEYS);
            if (i == 15_000) {
                for (int more = counted; more < KEYS; more++) {
                    list.count(more);
                }
                counted = KEYS;
            }
            if (list.isCounted(place) && i % 7 == 0) {
                assertSince(list, oracle, place, counted);
            }
            long size = 90L + random.nextInt(20);
            list.read(place, size, place < counted);
            oracle.remove(place);
            oracle.put(place, size);
        }
        List<Integer> order = new ArrayList<>();
        list.forEach(order::add);
        assertThat(order).containsExactlyElementsOf(oracle.keySet());
        list.remove(3);
        assertThat(list.countAfter(order.getFirst())).isEqualTo(KEYS - 2);
    }

    private static void assertSince(RecencyList list, Map<Integer, Long> oracle, int place, int counted) {
        int count = 0;
        long size = 0;
        boolean isSince = false;
        for (Map.Entry<Integer, Long> entry : oracle.entrySet()) {
            if (isSince && entry.getKey() < counted) {
                count++;
                size += entry.getValue();
            }
            isSince |= entry.getKey() == place;
        }
        assertThat(list.countAfter(place)).isEqualTo(count);
        assertThat(list.sizeAfter(place))
                .as("sizes of the keys of one word are known in all")
                .isCloseTo((double) size, within(64 * 10.0));
    }
}
