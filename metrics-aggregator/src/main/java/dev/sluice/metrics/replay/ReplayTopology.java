package dev.sluice.metrics.replay;

import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/** What a topology reads and writes. */
final class ReplayTopology {

    private ReplayTopology() {}

    /** Where what was counted first is stored. */
    static String storedTopic() {
        return Topics.ROLLUPS.name();
    }

    static Set<String> inputsOf(Topology topology) {
        Set<String> topics = new HashSet<>();
        topology.describe()
                .subtopologies()
                .forEach(part -> part.nodes().forEach(node -> {
                    if (node instanceof TopologyDescription.Source source) {
                        topics.addAll(source.topicSet());
                    }
                }));
        return topics;
    }

    /** Also those for poison: what could not be counted then cannot be counted now. */
    static Set<String> outputsOf(Topology topology) {
        Set<String> topics = new HashSet<>();
        topology.describe()
                .subtopologies()
                .forEach(part -> part.nodes().forEach(node -> {
                    if (node instanceof TopologyDescription.Sink sink) {
                        topics.add(sink.topic());
                    }
                }));
        inputsOf(topology).stream()
                .map(Topics::find)
                .flatMap(Optional::stream)
                .map(TopicDescriptor::poisonName)
                .forEach(topics::add);
        return topics;
    }
}
