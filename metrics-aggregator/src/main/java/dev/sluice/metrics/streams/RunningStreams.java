package dev.sluice.metrics.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;

/** One Kafka Streams client with its metrics, which go when it goes. */
public final class RunningStreams {
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;

    public RunningStreams(KafkaStreams streams, MeterRegistry registry) {
        this.streams = streams;
        this.metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(registry);
    }

    KafkaStreams streams() {
        return streams;
    }

    void close(CloseOptions options) {
        metrics.close();
        streams.close(options);
    }
}
