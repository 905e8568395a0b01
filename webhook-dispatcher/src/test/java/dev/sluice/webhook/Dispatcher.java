package dev.sluice.webhook;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.web.ClientAddress;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.secret.SecretKeyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole process in this JVM, as it is started in production but for its addresses and its shorter waits. */
final class Dispatcher implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** From where the gateway says that requests come. */
    static final String CLIENT_ADDRESS = "192.0.2.7";

    private static final byte[] KEY = new byte[32];
    private static final String SECRET = "an internal secret of enough bytes for tests";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An answer of the API. */
    record Reply(int status, JsonNode body, String entityTag) {}

    private final String bootstrapServers;
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private Dispatcher(String bootstrapServers, ConfigurableApplicationContext context) {
        this.bootstrapServers = bootstrapServers;
        this.context = context;
    }

    static Dispatcher start(String bootstrapServers) {
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(WebhookDispatcherApplication.class).run(arguments(bootstrapServers));
        Dispatcher dispatcher = new Dispatcher(bootstrapServers, context);
        await().atMost(PATIENCE).until(dispatcher::ready);
        return dispatcher;
    }

    private static String[] arguments(String bootstrapServers) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.kafka.bootstrap-servers", bootstrapServers);
        properties.put("server.port", 0);
        properties.put("management.server.port", 0);
        properties.put("sluice.kafka.max-partitions", 2);
        properties.put("sluice.internal.secret", SECRET);
        properties.put("sluice.webhook.secret.keys[0].id", "key-1");
        properties.put("sluice.webhook.secret.keys[0].key", Base64.getEncoder().encodeToString(KEY));
        properties.put("sluice.webhook.egress.allow-cidrs", "127.0.0.0/8");
        properties.put("sluice.webhook.retry.delays", "200ms,200ms,200ms");
        properties.put("logging.level.dev.sluice", "TRACE");
        return properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
    }

    private boolean ready() {
        return send("GET", "/actuator/health/readiness", "local.management.port", "nobody", "", Map.of())
                        .status()
                == 200;
    }

    /** An endpoint for these event types; with its secret. */
    JsonNode create(String tenant, String url, String... eventTypes) {
        String body = JSON.writeValueAsString(Map.of("url", url, "eventTypes", List.of(eventTypes)));
        Reply reply = call("POST", "/api/v1/webhooks", tenant, body);
        if (reply.status() != 201) {
            throw new AssertionError("not created: " + reply);
        }
        return reply.body();
    }

    Reply call(String method, String path, String tenant, String body) {
        return send(method, path, "local.server.port", tenant, body, Map.of());
    }

    /** What operators ask for. */
    Reply manage(String method, String path) {
        return send(method, path, "local.management.port", "nobody", "", Map.of());
    }

    /** The same, only if the resource is at that version. */
    Reply callIf(String entityTag, String method, String path, String tenant, String body) {
        return send(method, path, "local.server.port", tenant, body, Map.of("If-Match", entityTag));
    }

    /** What is asked again by somebody who has it already. */
    Reply getUnless(String entityTag, String path, String tenant) {
        return send("GET", path, "local.server.port", tenant, "", Map.of("If-None-Match", entityTag));
    }

    private Reply send(
            String method, String path, String portProperty, String tenant, String body, Map<String, String> headers) {
        String port = context.getEnvironment().getRequiredProperty(portProperty);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        if (!tenant.equals("nobody")) {
            request.header(IdentityToken.HEADER, token(tenant));
            request.header(ClientAddress.HEADER, CLIENT_ADDRESS);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            byte[] bytes = response.body();
            return new Reply(
                    response.statusCode(),
                    bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes),
                    response.headers().firstValue("ETag").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String token(String tenant) {
        return new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity(tenant, "key-1", "free", Set.of("webhooks:read", "webhooks:write")));
    }

    /** What seals secrets in this process. */
    static SecretKeyring keyring() {
        return new SecretKeyring(Map.of("key-1", new SecretKeySpec(KEY, "AES")), new SecureRandom());
    }

    /** Writes an endpoint as another process of the platform would; it counts once it was read back. */
    void overwrite(WebhookEndpoint endpoint) {
        byte[] value = encode(endpoint);
        send(new ProducerRecord<>(
                Topics.WEBHOOK_ENDPOINTS.name(), endpoint.getId().getBytes(StandardCharsets.UTF_8), value));
        await().atMost(PATIENCE).until(() -> Arrays.equals(encode(endpoint(endpoint.getId())), value));
    }

    /** Avro cannot compare records whose arrays hold optional times; their bytes can be. */
    private static byte[] encode(WebhookEndpoint endpoint) {
        return RecordSerde.of(Topics.WEBHOOK_ENDPOINTS)
                .serializer()
                .serialize(Topics.WEBHOOK_ENDPOINTS.name(), endpoint);
    }

    WebhookEndpoint endpoint(String id) {
        return context.getBean(EndpointTable.class).find(id).orElseThrow();
    }

    void publish(DomainEvent... events) {
        for (DomainEvent event : events) {
            publish(0, RecordSerde.of(Topics.EVENTS).serializer().serialize(Topics.EVENTS.name(), event));
        }
    }

    /** Any bytes, to one partition, so that what follows them has to pass them. */
    void publish(int partition, byte[] value) {
        send(new ProducerRecord<>(Topics.EVENTS.name(), partition, new byte[0], value));
    }

    /** A delivery as it was put on the log then. */
    void publish(WebhookDelivery delivery, Instant written) {
        byte[] value = RecordSerde.of(Topics.WEBHOOK_DELIVERIES)
                .serializer()
                .serialize(Topics.WEBHOOK_DELIVERIES.name(), delivery);
        send(new ProducerRecord<>(
                Topics.WEBHOOK_DELIVERIES.name(),
                null,
                written.toEpochMilli(),
                delivery.getEndpointId().getBytes(StandardCharsets.UTF_8),
                value));
    }

    /** Writes a record of any topic once more. */
    void writeAgain(ConsumerRecord<byte[], byte[]> record) {
        send(new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value()));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            var _ = producer.send(record);
        }
    }

    /** All records of a topic at about this moment whose value holds the text. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, String text) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records.stream()
                    .filter(record ->
                            record.value() != null && new String(record.value(), StandardCharsets.UTF_8).contains(text))
                    .toList();
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** All that is logged from now on, as text. */
    static List<String> recordLogs() {
        List<String> lines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        };
        appender.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(appender);
        return lines;
    }
}
