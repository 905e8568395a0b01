package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;

/**
 * The listeners of a process. Each is a spring-kafka container, which may be changed until the application context
 * starts; it runs as soon as the topics are there, and stops with the context. A container that stopped by itself is
 * counted and started again.
 */
public final class RecordListenerContainers implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RecordListenerContainers.class);
    private static final Duration SUPERVISION = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final TopicProvisioner provisioner;
    private final PoisonPublisher poison;
    private final PoisonHandling handling;
    private final PlatformKafkaProperties properties;
    private final MeterRegistry meters;
    private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("listener-supervisor").daemon().factory());
    private volatile boolean running;
    private volatile boolean topicsReady;

    RecordListenerContainers(
            KafkaClients clients,
            TopicProvisioner provisioner,
            PoisonPublisher poison,
            PoisonHandling handling,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        this.clients = clients;
        this.provisioner = provisioner;
        this.poison = poison;
        this.handling = handling;
        this.properties = properties;
        this.meters = meters;
    }

    /** A listener of single records. */
    public <V extends SpecificRecord> ConcurrentMessageListenerContainer<byte[], byte[]> listen(
            TopicDescriptor<V> topic, String group, RecordListener<V> listener) {
        return add(topic, group, AckMode.BATCH, adapters(topic, group).single(listener));
    }

    /** A listener that acknowledges by itself. */
    public <V extends SpecificRecord> ConcurrentMessageListenerContainer<byte[], byte[]> listenAcknowledging(
            TopicDescriptor<V> topic, String group, AcknowledgingRecordListener<V> listener) {
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                add(topic, group, AckMode.MANUAL, adapters(topic, group).acknowledging(listener));
        container.getContainerProperties().setAsyncAcks(true);
        return container;
    }

    /** A listener of batches. */
    public <V extends SpecificRecord> ConcurrentMessageListenerContainer<byte[], byte[]> listenBatches(
            TopicDescriptor<V> topic, String group, RecordBatchListener<V> listener) {
        return add(topic, group, AckMode.BATCH, adapters(topic, group).batch(listener));
    }

    private <V extends SpecificRecord> ListenerAdapters<V> adapters(TopicDescriptor<V> topic, String group) {
        return new ListenerAdapters<>(new RecordReader<>(topic, properties.maxRecordBytes()), poison, group);
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> add(
            TopicDescriptor<?> topic, String group, AckMode mode, Object listener) {
        ContainerProperties settings = new ContainerProperties(topic.name());
        settings.setGroupId(group);
        settings.setClientId(group + "-" + topic.name());
        settings.setAckMode(mode);
        settings.setMessageListener(listener);
        settings.setAuthExceptionRetryInterval(Duration.ofSeconds(5));
        ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        clients.consumerProperties(group), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                settings);
        container.setBeanName(group + "/" + topic.name());
        container.setCommonErrorHandler(handling);
        restarts(container);
        poison.expect(topic.name());
        containers.add(container);
        if (running && topicsReady) {
            container.start();
        }
        return container;
    }

    @Override
    public void start() {
        running = true;
        CompletableFuture<Void> _ = provisioner.ready().thenRunAsync(this::startAll, supervisor);
    }

    /** Blocks until every listener has finished what it is doing, within the containers' shutdown timeout. */
    @Override
    public void stop() {
        running = false;
        supervisor.shutdownNow();
        containers.parallelStream().forEach(ConcurrentMessageListenerContainer::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Each listener with whether it does what it should, by group and topic. */
    Map<String, Boolean> states() {
        Map<String, Boolean> states = new TreeMap<>();
        containers.forEach(container -> states.put(container.getBeanName(), isWell(container)));
        return states;
    }

    private void startAll() {
        if (!running) {
            return;
        }
        topicsReady = true;
        supervise();
        ScheduledFuture<?> _ = supervisor.scheduleWithFixedDelay(
                this::supervise, SUPERVISION.toMillis(), SUPERVISION.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void supervise() {
        for (ConcurrentMessageListenerContainer<byte[], byte[]> container : containers) {
            try {
                revive(container);
            } catch (RuntimeException | Error e) {
                LOG.error("listener {} cannot be started; trying again", container.getBeanName(), e);
            }
        }
    }

    private void revive(ConcurrentMessageListenerContainer<byte[], byte[]> container) {
        if (!running || isWell(container)) {
            return;
        }
        boolean died = !container.getContainers().isEmpty() || !container.isInExpectedState();
        if (died) {
            LOG.error("listener {} stopped by itself and is started again", container.getBeanName());
            restarts(container).increment();
            container.stop();
        }
        container.start();
    }

    private Counter restarts(ConcurrentMessageListenerContainer<byte[], byte[]> container) {
        return meters.counter("sluice.kafka.listener.restarts", "listener", container.getBeanName());
    }

    private static boolean isWell(ConcurrentMessageListenerContainer<byte[], byte[]> container) {
        return container.isRunning()
                && container.isInExpectedState()
                && container.getContainers().stream().allMatch(child -> child.isRunning());
    }
}
