package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.UndecodableRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a process hear every record of a topic that comes after its start, or after a time before, without a group: each process
 * hears all of them. After an outage it goes on where it was. What cannot be read, or fails its listener, is counted and passed over.
 */
public final class LogFollowers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollowers.class);

    private final KafkaClients clients;
    private final LogEnds ends;
    private final TopicProvisioner provisioner;
    private final PlatformKafkaProperties properties;
    private final MeterRegistry meters;
    private final List<TableReader> readers = new CopyOnWriteArrayList<>();

    LogFollowers(
            KafkaClients clients,
            LogEnds ends,
            TopicProvisioner provisioner,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        this.clients = clients;
        this.ends = ends;
        this.provisioner = provisioner;
        this.properties = properties;
        this.meters = meters;
    }

    /** Begins at once; the listener is called on a thread of its own and must be quick. */
    public <V extends SpecificRecord> LogFollower follow(TopicDescriptor<V> topic, RecordListener<V> listener) {
        return follow(topic, listener, () -> {});
    }

    /**
     * Begins at once; what is called is called on one thread of its own and must be quick.
     *
     * @param setBack called when a position has become smaller or is one in another topic of that name, which is then heard
     *     from its beginning; before what is heard there
     */
    public <V extends SpecificRecord> LogFollower follow(
            TopicDescriptor<V> topic, RecordListener<V> listener, Runnable setBack) {
        return follow(topic, new LogStart.End(), listener, setBack);
    }

    /**
     * The same, and what was written before: everything since a time by the records' own, in the order of each partition. Of a
     * topic that is shorter than it was, or another one, all is heard again, so the listener has to bear that.
     */
    public <V extends SpecificRecord> LogFollower followSince(
            TopicDescriptor<V> topic, Instant since, RecordListener<V> listener) {
        return follow(topic, new LogStart.Time(since, Duration.ZERO), listener, () -> {});
    }

    /**
     * The same of much that nobody waits for: it is fetched many at a time and heard a little later, which costs far less.
     *
     * @param gathering how long the broker may wait for more
     */
    public <V extends SpecificRecord> LogFollower followInBulkSince(
            TopicDescriptor<V> topic, Instant since, Duration gathering, RecordListener<V> listener) {
        return follow(topic, new LogStart.Time(since, gathering), listener, () -> {});
    }

    private <V extends SpecificRecord> LogFollower follow(
            TopicDescriptor<V> topic, LogStart start, RecordListener<V> listener, Runnable setBack) {
        Follower<V> follower = new Follower<>(
                new RecordReader<>(topic, properties.maxRecordBytes()),
                listener,
                setBack,
                meters.counter("sluice.kafka.follower.failures", "topic", topic.name()));
        TableReader reader = new TableReader(clients, ends, topic.name(), start, provisioner.ready(), follower);
        readers.add(reader);
        reader.start();
        return new LogFollower() {
            @Override
            public boolean following() {
                return follower.following;
            }

            @Override
            public Optional<LogPosition> position() {
                return follower.following ? Optional.of(reader.position()) : Optional.empty();
            }

            @Override
            public Duration staleness() {
                return reader.staleness();
            }
        };
    }

    @Override
    public void close() {
        readers.forEach(TableReader::close);
    }

    private static final class Follower<V extends SpecificRecord> implements TableReader.Sink {
        private final RecordReader<V> records;
        private final RecordListener<V> listener;
        private final Runnable setBack;
        private final Counter failures;
        private volatile boolean following;

        Follower(RecordReader<V> records, RecordListener<V> listener, Runnable setBack, Counter failures) {
            this.records = records;
            this.listener = listener;
            this.setBack = setBack;
            this.failures = failures;
        }

        @Override
        public void idle() {}

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record) {
            try {
                listener.onRecord(records.read(record));
            } catch (UndecodableRecordException e) {
                failures.increment();
                LOG.warn(
                        "{}-{}@{} cannot be read: {}", record.topic(), record.partition(), record.offset(), e.reason());
            } catch (Exception e) {
                failures.increment();
                LOG.error("{}-{}@{} failed its listener", record.topic(), record.partition(), record.offset(), e);
            }
        }

        @Override
        public void setBack() {
            setBack.run();
        }

        @Override
        public void loaded() {
            following = true;
        }
    }
}
