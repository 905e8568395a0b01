package dev.sluice.metrics.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/** One Kafka Streams client with its metrics, which go when it goes. */
public final class RunningStreams {
    private final KafkaStreams streams;
    private final HostInfo self;
    private final KafkaStreamsMetrics metrics;

    /**
     * A client that is not started.
     *
     * @param self where other instances find this one, as its settings say
     */
    public RunningStreams(KafkaStreams streams, HostInfo self, MeterRegistry registry) {
        this.streams = streams;
        this.self = self;
        this.metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(registry);
    }

    KafkaStreams streams() {
        return streams;
    }

    HostInfo self() {
        return self;
    }

    void close(CloseOptions options) {
        metrics.close();
        streams.close(options);
    }
}
