package dev.sluice.gateway.ingest;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Prints what an event of a batch costs the process, in CPU time of all its threads and in memory, without HTTP and with a log that takes all at once,
 * but with a real Redis. The build does not run it; benchmarks/README.md says how to.
 */
class BatchCost {

    private static final int ITEMS = 100;
    private static final int BATCHES = 2_000;
    private static final int AT_ONCE = 8;
    private static final int ROUNDS = 5;
    private static final String TEXT = "some text, so that it is as long as events usually are; ".repeat(3);
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final StrictJson json = new StrictJson();
    private final EventReader reader = new EventReader(json, InstantSource.system(), 100_000, 1_000);
    private final Caller caller = new Caller(new Identity("acme", "key-1", "free", Set.of("events:write")), null, null);
    private final AtomicLong numbers = new AtomicLong();

    @Test
    void printsWhatAnEventCosts() {
        PlatformKafkaProperties properties = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("sluice.kafka", PlatformKafkaProperties.class);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (IsolatedRedis redis = LocalRedis.newIsolated();
                RecordPublishers publishers = new RecordPublishers(PromptLog::new, properties, meters)) {
            LettuceConnectionFactory factory =
                    new LettuceConnectionFactory(new RedisStandaloneConfiguration(redis.host(), redis.port()));
            factory.afterPropertiesSet();
            factory.start();
            Duration second = Duration.ofSeconds(1);
            Claims claims = new Claims(
                    new ReactiveStringRedisTemplate(factory),
                    InstantSource.system(),
                    new ClaimTerms(second.multipliedBy(5), second.multipliedBy(5), second.multipliedBy(5)));
            EventSearch search = new EventSearch(
                    () -> {
                        throw new IllegalStateException("the log is not searched here");
                    },
                    second);
            BatchIntake batches = intake(claims, new EventWriter(new EventPublisher(publishers), search), meters);
            for (int round = 0; round < ROUNDS; round++) {
                print("made", named -> Mono.just(body(named)));
                print("made and read", named -> read(named).then());
                print("made, read, taken and answered", named -> take(batches, named));
            }
            factory.destroy();
        }
    }

    private static BatchIntake intake(Claims claims, EventWriter writer, SimpleMeterRegistry meters) {
        Duration ackTimeout = Duration.ofSeconds(10);
        IngestMeters counts = new IngestMeters(meters);
        EventIntake intake = new EventIntake(claims, writer, ackTimeout, counts);
        return new BatchIntake(new BatchSteps(claims, writer, intake, counts, ackTimeout));
    }

    private interface Work {
        Mono<?> of(boolean named);
    }

    private static void print(String name, Work work) {
        PrintStream out = System.out;
        for (boolean named : new boolean[] {true, false}) {
            long cpu = SYSTEM.getProcessCpuTime();
            long bytes = THREADS.getTotalThreadAllocatedBytes();
            Flux.range(0, BATCHES)
                    .flatMap(i -> work.of(named), AT_ONCE, 1)
                    .then()
                    .block();
            double events = (double) BATCHES * ITEMS;
            out.printf(
                    Locale.ROOT,
                    "%-32s %-12s %8.2f µs %10.0f bytes an event%n",
                    name,
                    named ? "with ids" : "without ids",
                    (SYSTEM.getProcessCpuTime() - cpu) / events / 1e3,
                    (THREADS.getTotalThreadAllocatedBytes() - bytes) / events);
        }
    }

    private Mono<?> take(BatchIntake batches, boolean named) {
        byte[] body = body(named);
        return Mono.fromCallable(() -> reader.readBatch(body, caller))
                .subscribeOn(Schedulers.parallel())
                .flatMap(items -> batches.takeAll(items, body, caller))
                .map(BatchAnswer::of)
                .map(answer -> json.write(answer.body()));
    }

    private Mono<?> read(boolean named) {
        byte[] body = body(named);
        return Mono.fromCallable(() -> reader.readBatch(body, caller)).subscribeOn(Schedulers.parallel());
    }

    private byte[] body(boolean named) {
        long first = numbers.getAndAdd(ITEMS);
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> event(named, first + i))
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String event(boolean named, long number) {
        return "{\"specversion\":\"1.0\"," + (named ? "\"id\":\"run-" + number + "\"," : "")
                + "\"source\":\"/benchmark\",\"type\":\"ingest.measured\",\"subject\":\"order/" + number % 1000
                + "\",\"data\":{\"n\":" + number + ",\"text\":\"" + TEXT + "\"}}";
    }

    /** Has each record at once, and keeps none. */
    private static final class PromptLog extends MockProducer<byte[], byte[]> {

        PromptLog() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            RecordMetadata at = new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0);
            callback.onCompletion(at, null);
            return CompletableFuture.completedFuture(at);
        }
    }
}
