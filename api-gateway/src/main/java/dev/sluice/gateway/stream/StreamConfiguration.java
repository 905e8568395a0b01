package dev.sluice.gateway.stream;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.web.ByteBudget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams of events. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {

    @Bean
    StreamBounds streamBounds(StreamProperties properties, MeterRegistry meters) {
        ByteBudget budget = new ByteBudget(properties.maxBuffered().toBytes());
        Gauge.builder("sluice.stream.buffered", budget, ByteBudget::used)
                .baseUnit("bytes")
                .description("Bytes of events that wait for the clients of streams")
                .register(meters);
        return new StreamBounds(
                properties.bufferEvents(), properties.bufferSize().toBytes(), budget);
    }

    @Bean
    OpenStreams openStreams(StreamProperties properties, MeterRegistry meters) {
        OpenStreams streams = new OpenStreams(
                properties.maxStreamsPerKey(), properties.maxStreamsPerTenant(), properties.maxStreams());
        Gauge.builder("sluice.stream.open", streams, OpenStreams::size)
                .description("Streams that are open")
                .register(meters);
        return streams;
    }

    @Bean
    StreamMeters streamMeters(MeterRegistry meters) {
        return new StreamMeters(meters);
    }

    @Bean
    EventTailListener eventTailListener(LogFollowers followers) {
        return EventTailListener.follow(followers);
    }

    @Bean
    EventLogReaders eventLogReaders(KafkaClients kafka, StreamBounds bounds, StreamProperties properties) {
        return new EventLogReaders(kafka, bounds, properties.pastReaders());
    }

    @Bean
    EventStreams eventStreams(
            EventTailListener tail,
            EventLogReaders readers,
            StreamBounds bounds,
            StreamProperties properties,
            InstantSource clock) {
        return new EventStreams(tail, readers, bounds, properties.openTimeout(), clock);
    }
}
