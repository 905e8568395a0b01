package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.usage.UsageReader;
import dev.sluice.metrics.usage.UsageReader.Selection;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.metrics.usage.http.UsageAnswers.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a tenant used in a range of time. */
record UsageQuestion(UsageReader reader, Subject subject, UsageRange range) implements PartitionQuestion<UsageSums> {
    static final String PATH = "/internal/v1/usage";

    static UsageQuestion of(UsageReader reader, PeerCall call) {
        UsageStep step = UsageRange.step(call.required("step"));
        return new UsageQuestion(
                reader,
                new Subject(call.tenant(), call.optional("key"), call.optional("group")),
                new UsageRange(step, call.instant("from"), call.instant("to")));
    }

    @Override
    public String store() {
        return UsageTopology.STORE;
    }

    @Override
    public String tenant() {
        return subject.tenant();
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("step", range.step().label());
        parameters.put("from", range.from().toString());
        parameters.put("to", range.to().toString());
        if (subject.key() != null) {
            parameters.put("key", subject.key());
        }
        if (subject.group() != null) {
            parameters.put("group", subject.group());
        }
        return parameters;
    }

    @Override
    public UsageSums read(Set<Integer> partitions) {
        UsageSums sums = new UsageSums(range);
        Selection selection =
                new Selection(subject.tenant(), subject.key(), range.step().scale(), range.from(), range.to());
        reader.read(partitions, selection, (keyId, group, start, tally) -> {
            if (subject.group() == null || subject.group().equals(group)) {
                sums.add(keyId, group, start, tally);
            }
        });
        return sums;
    }

    @Override
    public UsageSums decode(byte[] share) {
        return UsageSums.decode(range, share);
    }

    @Override
    public UsageSums plus(UsageSums left, UsageSums right) {
        return left.plus(right);
    }
}
