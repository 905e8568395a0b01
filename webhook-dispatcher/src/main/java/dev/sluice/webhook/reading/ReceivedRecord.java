package dev.sluice.webhook.reading;

import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/**
 * One record as it was read.
 *
 * @param writtenAt the timestamp that its producer gave it
 * @param bytes size of the value on the log
 */
public record ReceivedRecord<V>(TopicPartition partition, long offset, Instant writtenAt, int bytes, V value) {}
