package dev.sluice.platform.test;

import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka and Redis as containers, where a Docker engine answers and has the images or can pull them. */
final class Containers {

    private static final Logger log = LoggerFactory.getLogger(Containers.class);

    private static final String KAFKA_IMAGE = "apache/kafka:4.2.1";
    private static final String REDIS_IMAGE = "redis:8.2-alpine";
    private static final int REDIS_PORT = 6379;

    private Containers() {}

    /** The bootstrap servers, or nothing with the reason logged. */
    static Optional<String> startKafka() {
        return start(KAFKA_IMAGE, Containers::runKafka);
    }

    static Optional<RedisAddress> startRedis() {
        return start(REDIS_IMAGE, Containers::runRedis);
    }

    private static <T> Optional<T> start(String image, Supplier<T> run) {
        Optional<String> obstacle = DockerEngine.obstacleToRunning(image);
        if (obstacle.isPresent()) {
            log.info("{} as a local process: {}", image, obstacle.get());
            return Optional.empty();
        }
        try {
            return Optional.of(run.get());
        } catch (RuntimeException e) {
            log.warn("{} as a local process: the container did not start: {}", image, e.toString());
            return Optional.empty();
        }
    }

    private static String runKafka() {
        KafkaContainer container = new KafkaContainer(DockerImageName.parse(KAFKA_IMAGE))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.start();
        AtExit.close("Kafka container", container::stop);
        return container.getBootstrapServers();
    }

    private static RedisAddress runRedis() {
        GenericContainer<?> container =
                new GenericContainer<>(DockerImageName.parse(REDIS_IMAGE)).withExposedPorts(REDIS_PORT);
        container.start();
        AtExit.close("Redis container", container::stop);
        return new RedisAddress(container.getHost(), container.getMappedPort(REDIS_PORT));
    }
}
