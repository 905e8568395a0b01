package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.WebhookEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random endpoints that come, change, move and go, against a search through all of them. */
class MatchIndexPropertyTest {
    private static final List<String> WORDS = List.of("a", "b", "ab", "a_b", "1");
    private static final List<String> TENANTS = List.of("one", "two");

    @RepeatedTest(50)
    void findsExactlyTheEndpointsThatWantAType(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        MatchIndex index = new MatchIndex();
        Map<String, WebhookEndpoint> all = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            change(random, index, all);
            String tenant = any(TENANTS, random);
            String type = type(random);
            assertThat(index.match(tenant, type).stream()
                            .map(found -> found.endpoint().getId()))
                    .as("%s wants %s", tenant, type)
                    .containsExactlyInAnyOrderElementsOf(naively(all, tenant, type));
            assertThat(index.of(tenant).stream().map(WebhookEndpoint::getId))
                    .containsExactlyElementsOf(all.values().stream()
                            .filter(endpoint -> endpoint.getTenant().equals(tenant))
                            .map(WebhookEndpoint::getId)
                            .toList());
        }
    }

    private static void change(Random random, MatchIndex index, Map<String, WebhookEndpoint> all) {
        String id = "ep_" + random.nextInt(20);
        if (random.nextInt(4) == 0) {
            index.apply(all.remove(id), null);
            return;
        }
        WebhookEndpoint endpoint = EndpointRecords.active(any(TENANTS, random), id, patterns(random));
        index.apply(all.put(id, endpoint), endpoint);
    }

    private static List<String> naively(Map<String, WebhookEndpoint> all, String tenant, String type) {
        return all.values().stream()
                .filter(endpoint -> endpoint.getTenant().equals(tenant))
                .filter(endpoint -> endpoint.getEventTypes().isEmpty()
                        || endpoint.getEventTypes().stream()
                                .anyMatch(pattern -> new EventTypePattern(pattern).matches(type)))
                .map(WebhookEndpoint::getId)
                .toList();
    }

    private static List<String> patterns(Random random) {
        return Stream.generate(() -> random.nextInt(10) == 0 ? "*" : type(random) + (random.nextBoolean() ? ".*" : ""))
                .limit(random.nextInt(4))
                .distinct()
                .toList();
    }

    private static String type(Random random) {
        List<String> words = new ArrayList<>();
        do {
            words.add(any(WORDS, random));
        } while (random.nextInt(3) > 0 && words.size() < 5);
        return String.join(".", words);
    }

    private static String any(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
