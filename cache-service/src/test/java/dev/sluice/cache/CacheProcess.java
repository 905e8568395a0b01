package dev.sluice.cache;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.schemas.TopicDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service in this JVM, over a Kafka and a Redis of the test's choice; several may run side by side. */
final class CacheProcess implements AutoCloseable {
    private static final String SECRET = "an internal secret of enough bytes for tests";
    private static final String CACHE = "/api/v1/cache/";
    private static final String NAMESPACES = CACHE + "namespaces/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConfigurableApplicationContext context;
    private final String tenant;
    // Not the framework's client, which would share its event loops with the servers under test.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What a request was answered. */
    record Answer(int status, HttpHeaders headers, String body) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    CacheProcess(String bootstrapServers, int redisPort, String tenant) {
        this(bootstrapServers, redisPort, tenant, Map.of());
    }

    /** With settings of its own, and listeners that learn how its start goes. */
    CacheProcess(
            String bootstrapServers,
            int redisPort,
            String tenant,
            Map<String, Object> more,
            ApplicationListener<?>... listeners) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("spring.kafka.bootstrap-servers", bootstrapServers);
        settings.put("spring.data.redis.port", redisPort);
        settings.put("sluice.kafka.max-partitions", 2);
        settings.put("sluice.internal.secret", SECRET);
        // A busy machine is no outage.
        settings.put("sluice.cache.level.second-level-timeout", "5s");
        settings.put("server.port", 0);
        settings.put("management.server.port", 0);
        settings.putAll(more);
        this.context = new SpringApplicationBuilder(CacheServiceApplication.class)
                .listeners(listeners)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
        this.tenant = tenant;
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    CompletableFuture<Answer> getLater(String path) {
        return client.sendAsync(
                        request("GET", NAMESPACES + path, BodyPublishers.noBody(), Map.of()), BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.headers(), response.body()));
    }

    Answer put(String path, String value, Map<String, String> headers) {
        return send("PUT", path, BodyPublishers.ofString(value), headers);
    }

    Answer post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), Map.of("Content-Type", "application/json"));
    }

    Answer purge(String json) {
        return answer(request(
                "POST", CACHE + "purge", BodyPublishers.ofString(json), Map.of("Content-Type", "application/json")));
    }

    Answer warm(String json) {
        return answer(request(
                "POST", CACHE + "warm", BodyPublishers.ofString(json), Map.of("Content-Type", "application/json")));
    }

    /** How far a purge has come. */
    Answer purgeAt(String location) {
        return at(location);
    }

    Answer at(String location) {
        return answer(request("GET", location, BodyPublishers.noBody(), Map.of()));
    }

    /** The answer to a value that comes bit by bit. */
    CompletableFuture<Integer> putSlowly(String path, BodyPublisher value) {
        return client.sendAsync(request("PUT", NAMESPACES + path, value, Map.of()), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), Map.of());
    }

    /** How an administrator sees this node. */
    Answer info() {
        return answer(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("local.server.port") + CACHE + "info"))
                        .header(IdentityToken.HEADER, token("admin"))
                        .timeout(PATIENCE)
                        .build());
    }

    /** Status and body of a page on the operator's port. */
    Answer management(String path) {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("local.management.port") + path))
                .timeout(PATIENCE)
                .build());
    }

    boolean isReady() {
        return management("/actuator/health/readiness").status() == 200;
    }

    /** Whether this node answers from its own memory. */
    boolean followsTheLog() {
        return management("/actuator/health").body().contains("\"firstLevel\":\"answering\"");
    }

    /** Every record of a topic by now. */
    <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(TopicDescriptor<V> topic) {
        context.getBean(TopicProvisioner.class).ready().join();
        try (Consumer<String, V> consumer = context.getBean(KafkaClients.class)
                .newConsumer("test-reader", null, RecordSerde.of(topic).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, V>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        context.close();
    }

    private Answer send(String method, String path, BodyPublisher body, Map<String, String> headers) {
        return answer(request(method, NAMESPACES + path, body, headers));
    }

    private HttpRequest request(String method, String path, BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port("local.server.port") + path))
                .header(IdentityToken.HEADER, token())
                .timeout(PATIENCE);
        headers.forEach(request::header);
        return request.method(method, body).build();
    }

    private Answer answer(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    private String token() {
        return token("cache:read", "cache:write");
    }

    private String token(String... scopes) {
        return new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity(tenant, "key-1", "free", Set.of(scopes)));
    }
}
