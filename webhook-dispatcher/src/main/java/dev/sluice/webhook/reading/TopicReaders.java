package dev.sluice.webhook.reading;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PoisonPublisher;
import dev.sluice.schemas.RecordDecoder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the readers of this service. */
public final class TopicReaders {

    private final KafkaClients clients;
    private final PoisonPublisher poison;
    private final CompletableFuture<Void> startWhen;
    private final InstantSource clock;
    private final MeterRegistry meters;

    /** @param startWhen completes when there is something to read and what the handlers need is there */
    TopicReaders(
            KafkaClients clients,
            PoisonPublisher poison,
            CompletableFuture<Void> startWhen,
            InstantSource clock,
            MeterRegistry meters) {
        this.clients = clients;
        this.poison = poison;
        this.startWhen = startWhen;
        this.clock = clock;
        this.meters = meters;
    }

    /** A reader that hands the records of its topics to the handler once it is started. */
    public <V extends SpecificRecord> TopicReader reader(
            ReaderSettings settings, Class<V> type, RecordHandler<V> handler) {
        Decoding<V> decoding = new Decoding<>(
                RecordDecoder.of(type),
                handler,
                (record, error) -> poison.copy(record, settings.group(), error),
                clock);
        TopicReader reader = new TopicReader(
                settings, () -> newConsumer(settings), decoding::taskFor, handler, startWhen.copy(), clock);
        settings.topics().forEach(poison::expect);
        Gauge.builder("sluice.webhook.paused.partitions", reader, TopicReader::pausedPartitions)
                .description("Partitions that are not fetched, because as much as may wait is waiting")
                .tag("reader", settings.name())
                .register(meters);
        Gauge.builder("sluice.webhook.pending", reader, TopicReader::pending)
                .description("Records that were fetched and are not done with")
                .tag("reader", settings.name())
                .register(meters);
        return reader;
    }

    private Consumer<byte[], byte[]> newConsumer(ReaderSettings settings) {
        Map<String, Object> properties = settings.pace() == ReaderSettings.Pace.IN_BULK
                ? clients.bulkConsumerProperties(
                        settings.group(), settings.pace().gathering())
                : clients.consumerProperties(settings.group());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.name());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
