package dev.sluice.schemas;

import java.time.Duration;
import java.util.List;

/** The text of docs/topics.md. */
final class TopicsDocument {
    private static final String HEAD = """
            # Topics

            Every topic, as `Topics` declares it; a test fails when this page says otherwise. Keys are UTF-8 strings. Values are
            Avro in the Confluent wire format, with the schema ids of `schemas/src/main/resources/schema-history/ids.tsv`. A record
            that cannot be read goes byte for byte to the topic's name with `.poison` at its end, kept for 14 days.
            Partitions are a new deployment's; `sluice.kafka.max-partitions` caps them.

            | topic | key | value | partitions | kept | producers | consumers | purpose |
            |---|---|---|---|---|---|---|---|
            """;

    private TopicsDocument() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (TopicDescriptor<?> topic : Topics.all()) {
            text.append("| `%s` | %s | `%s` | %d | %s | %s | %s | %s |\n"
                    .formatted(
                            topic.name(),
                            topic.key().replace("|", "\\|"),
                            topic.valueType().getSimpleName(),
                            topic.partitions(),
                            kept(topic),
                            list(topic.producers()),
                            list(topic.consumers()),
                            topic.purpose()));
        }
        return text.toString();
    }

    private static String kept(TopicDescriptor<?> topic) {
        return switch (topic.cleanup()) {
            case DELETE -> words(topic.retention());
            case COMPACT -> "newest of each key";
            case COMPACT_DELETE -> "newest of each key, " + words(topic.retention());
        };
    }

    private static String words(Duration duration) {
        if (duration.toHours() % 24 == 0) {
            return duration.toDays() + " d";
        }
        return duration.compareTo(Duration.ofDays(2)) < 0
                ? duration.toHours() + " h"
                : duration.toDays() + " d and " + duration.minusDays(duration.toDays());
    }

    private static String list(List<String> services) {
        return String.join(", ", services);
    }
}
