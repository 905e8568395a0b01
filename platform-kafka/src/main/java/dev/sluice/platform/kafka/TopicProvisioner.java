package dev.sluice.platform.kafka;

import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of the catalogue that are missing, in the background, as often as it takes Kafka to answer. Every
 * service runs one; whoever comes second finds the topics there. A topic that exists is never changed; what is other than
 * planned is reported.
 */
public final class TopicProvisioner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final long ANSWER_SECONDS = 10;

    /** Reading the settings of all topics is work for the broker, and at a start four services want it for better things. */
    private static final Duration COMPARED_AFTER = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final List<NewTopic> topics;
    private final boolean create;
    private final Duration comparedAfter;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> compared = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile String waitingFor;
    private volatile List<String> differences = List.of();

    TopicProvisioner(KafkaClients clients, List<NewTopic> topics, boolean create, Duration comparedAfter) {
        this.clients = clients;
        this.topics = List.copyOf(topics);
        this.create = create;
        this.comparedAfter = comparedAfter;
        this.waitingFor = "Kafka at " + clients.bootstrapServers() + " to answer";
        this.thread = Thread.ofPlatform().name("topic-provisioner").daemon().unstarted(this::run);
    }

    /** Provides every topic of the catalogue. */
    static TopicProvisioner ofCatalogue(KafkaClients clients, PlatformKafkaProperties properties) {
        return new TopicProvisioner(
                clients, new TopicPlan(properties).planOf(Topics.all()), properties.provision(), COMPARED_AFTER);
    }

    void start() {
        thread.start();
    }

    /** Completes once every topic is there and every partition takes records. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** What it waits for, as words for people; empty once ready. */
    public String waitingFor() {
        return waitingFor;
    }

    /** Completes once existing topics have been compared with the plan, some time after they are ready. */
    CompletableFuture<Void> compared() {
        return compared.copy();
    }

    /** Where existing topics are other than planned, as words for people; empty until they have been compared. */
    List<String> differences() {
        return differences;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (closed.getCount() > 0 && !attempt()) {
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
            if (!closed.await(comparedAfter.toMillis(), TimeUnit.MILLISECONDS)) {
                compare();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt() throws InterruptedException {
        try (Admin admin = clients.newAdmin()) {
            Set<String> missing = missing(admin);
            if (!missing.isEmpty()) {
                createOrRefuse(admin, missing);
            }
            awaitLeaders(admin);
            waitingFor = "";
            LOG.info("all {} topics are there", topics.size());
            ready.complete(null);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String before = waitingFor;
            waitingFor = "Kafka at " + clients.bootstrapServers() + ": "
                    + cause.getClass().getSimpleName() + ", " + cause.getMessage();
            if (!before.equals(waitingFor)) {
                LOG.warn("topics are not there yet; waiting for {}", waitingFor);
            }
            return false;
        }
    }

    private Set<String> missing(Admin admin) throws Exception {
        Set<String> existing = admin.listTopics().names().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        List<String> names = new ArrayList<>(topics.stream().map(NewTopic::name).toList());
        names.removeAll(existing);
        return Set.copyOf(names);
    }

    private void createOrRefuse(Admin admin, Set<String> missing) throws Exception {
        if (!create) {
            throw new IllegalStateException("topics are missing and sluice.kafka.provision is false: "
                    + missing.stream().sorted().toList());
        }
        List<NewTopic> wanted =
                topics.stream().filter(topic -> missing.contains(topic.name())).toList();
        for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
            try {
                created.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        LOG.info("created {} topics", wanted.size());
    }

    /**
     * Producing to a topic that was just made can stall until the delivery timeout (KAFKA-15591); once every leader
     * answers a list-offsets request it does not. Fails, to be tried again, while one does not.
     */
    private void awaitLeaders(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        describe(admin)
                .forEach((name, description) -> description
                        .partitions()
                        .forEach(partition ->
                                latest.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
        admin.listOffsets(latest).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private Map<String, TopicDescription> describe(Admin admin) throws Exception {
        return admin.describeTopics(topics.stream().map(NewTopic::name).toList())
                .allTopicNames()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** A deployment may have its reasons, or may not allow to ask, so this never fails. */
    private void compare() throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        try (Admin admin = clients.newAdmin()) {
            Map<String, TopicDescription> found = describe(admin);
            Map<ConfigResource, Config> settings =
                    admin.describeConfigs(resources).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            List<String> all = new ArrayList<>();
            for (int i = 0; i < resources.size(); i++) {
                NewTopic planned = topics.get(i);
                TopicDescription description = Objects.requireNonNull(found.get(planned.name()));
                Config config = Objects.requireNonNull(settings.get(resources.get(i)));
                all.addAll(TopicDifferences.between(planned, description, config));
            }
            all.forEach(difference -> LOG.warn("a topic is other than planned and stays so: {}", difference));
            differences = List.copyOf(all);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.info("topics are there, but their settings cannot be compared: {}", e.toString());
        }
        compared.complete(null);
    }
}
