package dev.sluice.cache.warm;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.event.KeyHash;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheChangeKind;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Finds the keys of a namespace that were read most in the last hour. Reads are on the log with hashes of their keys;
 * what the keys were called is in the changes of the last day, which have both. A key that was not stored in that day has
 * no name here, and is left out: with the usual lives it is not in the cache any more either.
 */
final class HotKeysListener {

    private static final Duration READS = Duration.ofHours(1);
    private static final Duration CHANGES = Duration.ofHours(24);
    private static final Duration POLL = Duration.ofMillis(200);

    /** So much of a look goes into memory: a count each. What comes new after that is not counted. */
    private static final int MAX_COUNTED = 200_000;

    /** More than are wanted, since some will have no name. */
    private static final int SPARE = 4;

    private final KafkaClients clients;
    private final InstantSource clock;

    HotKeysListener(KafkaClients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** At most so many, those that were read most first. */
    Mono<List<String>> find(String tenant, String namespace, int limit) {
        return Mono.fromCallable(() -> search(tenant, namespace, limit)).subscribeOn(Schedulers.boundedElastic());
    }

    private List<String> search(String tenant, String namespace, int limit) {
        Map<Long, Long> counts = new HashMap<>();
        read(Topics.CACHE_READS, READS, batch -> {
            if (batch.getTenant().equals(tenant) && batch.getNamespace().equals(namespace)) {
                count(batch, counts);
            }
        });
        List<Long> hottest = counts.entrySet().stream()
                .sorted(Map.Entry.<Long, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit((long) limit * SPARE)
                .map(Map.Entry::getKey)
                .toList();
        Map<Long, String> names = namesOf(new HashSet<>(hottest), tenant, namespace);
        return hottest.stream()
                .filter(names::containsKey)
                .limit(limit)
                .map(hash -> names.getOrDefault(hash, ""))
                .toList();
    }

    private static void count(CacheReadBatch batch, Map<Long, Long> counts) {
        for (CacheRead read : batch.getEntries()) {
            if (counts.size() < MAX_COUNTED || counts.containsKey(read.getKeyHash())) {
                counts.merge(read.getKeyHash(), 1L, Long::sum);
            }
        }
    }

    private Map<Long, String> namesOf(Set<Long> hashes, String tenant, String namespace) {
        Map<Long, String> names = new HashMap<>();
        read(Topics.CACHE_CHANGES, CHANGES, change -> {
            if (change.getTenant().equals(tenant) && change.getNamespace().equals(namespace)) {
                name(change, hashes, names);
            }
        });
        return names;
    }

    private static void name(CacheChange change, Set<Long> hashes, Map<Long, String> names) {
        boolean stores = change.getKind() == CacheChangeKind.SET || change.getKind() == CacheChangeKind.LOAD;
        long hash = KeyHash.of(new CacheKey(change.getTenant(), change.getNamespace(), change.getKey()));
        if (stores && hashes.contains(hash)) {
            names.put(hash, change.getKey());
        }
    }

    /** All records since then, up to where the log ends now. */
    private <V extends SpecificRecord> void read(TopicDescriptor<V> topic, Duration back, Consumer<V> each) {
        Instant since = clock.instant().minus(back);
        try (org.apache.kafka.clients.consumer.Consumer<String, V> consumer =
                clients.newConsumer("hot-keys", null, RecordSerde.of(topic).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            seek(consumer, partitions, ends, since);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                poll(consumer, each);
            }
        }
    }

    private static void seek(
            org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
            Collection<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            Instant since) {
        Map<TopicPartition, Long> times =
                partitions.stream().collect(Collectors.toMap(Function.identity(), any -> since.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = found.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        }
    }

    /** What cannot be read was set aside by those whose work it is. */
    private static <V> void poll(org.apache.kafka.clients.consumer.Consumer<String, V> consumer, Consumer<V> each) {
        try {
            for (ConsumerRecord<String, V> record : consumer.poll(POLL)) {
                each.accept(record.value());
            }
        } catch (RecordDeserializationException e) {
            consumer.seek(e.topicPartition(), e.offset() + 1);
        }
    }
}
