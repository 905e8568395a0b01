package dev.sluice.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/** Says, in words for people, where a topic of the cluster is other than it would be made today. Pure. */
final class TopicDifferences {
    private TopicDifferences() {}

    static List<String> between(NewTopic planned, TopicDescription found, Config settings) {
        List<String> differences = new ArrayList<>();
        int partitions = found.partitions().size();
        if (partitions != planned.numPartitions()) {
            differences.add(planned.name() + " has " + partitions + " partitions, not " + planned.numPartitions());
        }
        int replicas = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (replicas != planned.replicationFactor()) {
            differences.add(planned.name() + " has " + replicas + " replicas, not " + planned.replicationFactor());
        }
        new TreeMap<>(planned.configs()).forEach((name, wanted) -> {
            ConfigEntry entry = settings.get(name);
            String actual = entry == null ? "" : String.valueOf(entry.value());
            if (!words(actual).equals(words(wanted))) {
                differences.add(planned.name() + " has " + name + "=" + actual + ", not " + wanted);
            }
        });
        return differences;
    }

    /** Lists of Kafka are sets: the broker gives {@code compact,delete} back in an order of its own. */
    private static Set<String> words(String value) {
        return Set.copyOf(List.of(value.split(",", -1)));
    }
}
