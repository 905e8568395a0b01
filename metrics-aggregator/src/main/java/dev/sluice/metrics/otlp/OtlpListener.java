package dev.sluice.metrics.otlp;

import dev.sluice.platform.kafka.RecordListenerContainers;
import dev.sluice.record.Span;
import dev.sluice.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands on every span once, whichever instance it is. */
final class OtlpListener {

    private static final int MOST_AT_ONCE = 512;

    private final OtlpCollector collector;

    private OtlpListener(OtlpCollector collector) {
        this.collector = collector;
    }

    static void listen(RecordListenerContainers containers, String group, OtlpCollector collector) {
        OtlpListener listener = new OtlpListener(collector);
        containers.<Span>listenBatches(Topics.SPANS, group, listener::onSpans);
    }

    private void onSpans(List<ConsumerRecord<String, Span>> records) {
        for (int from = 0; from < records.size(); from += MOST_AT_ONCE) {
            List<Span> spans = new ArrayList<>();
            records.subList(from, Math.min(records.size(), from + MOST_AT_ONCE))
                    .forEach(record -> spans.add(record.value()));
            collector.send(OtlpJson.of(spans), spans.size());
        }
    }
}
