package dev.sluice.webhook.replay;

import dev.sluice.record.Job;
import dev.sluice.webhook.endpoint.EventTypePattern;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a job is to send again, as it stands in the job's parameters.
 *
 * @param from what was written to the log from then on
 * @param to and before then, or before the job was asked for
 * @param types of events; all when there are none
 * @param perSecond most that are put on the log in a second
 */
record ReplayPlan(
        ReplayKind kind, String endpointId, Instant from, Instant to, List<EventTypePattern> types, int perSecond) {

    ReplayPlan {
        types = List.copyOf(types);
    }

    static ReplayPlan of(Job job) {
        Map<String, String> parameters = job.getParameters();
        return new ReplayPlan(
                ReplayKind.of(job.getKind()),
                parameters.getOrDefault("webhook", ""),
                Instant.parse(parameters.getOrDefault("from", Instant.EPOCH.toString())),
                Instant.parse(parameters.getOrDefault("to", Instant.EPOCH.toString())),
                Arrays.stream(parameters.getOrDefault("types", "").split(" "))
                        .filter(text -> !text.isEmpty())
                        .map(EventTypePattern::parse)
                        .toList(),
                Integer.parseInt(parameters.getOrDefault("perSecond", "1")));
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("webhook", endpointId);
        parameters.put("from", from.toString());
        parameters.put("to", to.toString());
        parameters.put("types", types.stream().map(EventTypePattern::text).collect(Collectors.joining(" ")));
        parameters.put("perSecond", Integer.toString(perSecond));
        return parameters;
    }

    boolean wants(String eventType) {
        return types.isEmpty() || types.stream().anyMatch(pattern -> pattern.matches(eventType));
    }

    /** The types as texts; empty when all are wanted. */
    Optional<List<String>> typeTexts() {
        return types.isEmpty()
                ? Optional.empty()
                : Optional.of(types.stream().map(EventTypePattern::text).toList());
    }
}
