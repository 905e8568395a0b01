package dev.sluice.cache;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.schemas.TopicDescriptor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The whole service in this JVM, over a Kafka and a Redis of the test's choice; several may run side by side. */
final class CacheProcess implements AutoCloseable {
    private static final String SECRET = "an internal secret of enough bytes for tests";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConfigurableApplicationContext context;
    private final String tenant;

    /** What a request was answered. */
    record Answer(int status, HttpHeaders headers, String body) {
        String header(String name) {
            String value = headers.getFirst(name);
            return value == null ? "" : value;
        }
    }

    CacheProcess(String bootstrapServers, int redisPort, String tenant) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("spring.kafka.bootstrap-servers", bootstrapServers);
        settings.put("spring.data.redis.port", redisPort);
        settings.put("sluice.kafka.max-partitions", 2);
        settings.put("sluice.internal.secret", SECRET);
        settings.put("server.port", 0);
        settings.put("management.server.port", 0);
        this.context = new SpringApplicationBuilder(CacheServiceApplication.class)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
        this.tenant = tenant;
    }

    Answer get(String path) {
        return send(HttpMethod.GET, path, "", Map.of());
    }

    Answer put(String path, String value, Map<String, String> headers) {
        return send(HttpMethod.PUT, path, value, headers);
    }

    Answer delete(String path) {
        return send(HttpMethod.DELETE, path, "", Map.of());
    }

    /** Status and body of a page on the operator's port. */
    Answer management(String path) {
        return answer(client().get().uri(URI.create("http://127.0.0.1:" + port("local.management.port") + path)));
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
        context.close();
    }

    private Answer send(HttpMethod method, String path, String body, Map<String, String> headers) {
        URI uri = URI.create("http://127.0.0.1:" + port("local.server.port") + "/api/v1/cache/namespaces/" + path);
        WebTestClient.RequestBodySpec request = client().method(method)
                .uri(uri)
                .header(IdentityToken.HEADER, token())
                .headers(to -> headers.forEach(to::set));
        if (method.equals(HttpMethod.PUT)) {
            return answer(request.bodyValue(body.getBytes(StandardCharsets.UTF_8)));
        }
        return answer(request);
    }

    private static Answer answer(WebTestClient.RequestHeadersSpec<?> request) {
        EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
        byte[] body = result.getResponseBody();
        return new Answer(
                result.getStatus().value(),
                result.getResponseHeaders(),
                body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    private static WebTestClient client() {
        return WebTestClient.bindToServer()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .responseTimeout(PATIENCE)
                .build();
    }

    private String token() {
        return new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity(tenant, "key-1", "free", Set.of("cache:read", "cache:write")));
    }
}
