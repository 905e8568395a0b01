package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;

/** The tables of a process: one for each topic, loading from the moment somebody asks for it. */
public final class LogTables implements AutoCloseable {
    private final KafkaClients clients;
    private final LogEnds ends;
    private final TopicProvisioner provisioner;
    private final RecordPublishers publishers;
    private final PoisonPublisher poison;
    private final PlatformKafkaProperties properties;
    private final MeterRegistry meters;
    private final Map<String, KafkaLogTable<?>> tables = new ConcurrentHashMap<>();

    LogTables(
            KafkaClients clients,
            LogEnds ends,
            TopicProvisioner provisioner,
            RecordPublishers publishers,
            PoisonPublisher poison,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        this.clients = clients;
        this.ends = ends;
        this.provisioner = provisioner;
        this.publishers = publishers;
        this.poison = poison;
        this.properties = properties;
        this.meters = meters;
    }

    /** The table of a topic; the same one every time. */
    @SuppressWarnings("unchecked") // A topic has one value type.
    public <V extends SpecificRecord> LogTable<V> of(TopicDescriptor<V> topic) {
        return (LogTable<V>) tables.computeIfAbsent(topic.name(), unseen -> open(topic));
    }

    private <V extends SpecificRecord> KafkaLogTable<V> open(TopicDescriptor<V> topic) {
        KafkaLogTable<V> table = new KafkaLogTable<>(
                topic, properties.maxRecordBytes(), clients, ends, provisioner, publishers.to(topic), poison, meters);
        table.start();
        return table;
    }

    /** The tables opened so far, by topic. */
    Map<String, LogTable<?>> opened() {
        return new TreeMap<>(tables);
    }

    @Override
    public void close() {
        tables.values().forEach(KafkaLogTable::close);
    }
}
