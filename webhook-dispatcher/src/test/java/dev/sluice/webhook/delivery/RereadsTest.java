package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What was fetched is not fetched again as long as it is read in parts. */
class RereadsTest {
    private static final TopicPartition ONE = new TopicPartition("t", 1);
    private static final TopicPartition TWO = new TopicPartition("t", 2);

    private int polls;

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            polls++;
            return super.poll(Duration.ZERO);
        }
    };
    private final Rereads rereads = new Rereads(consumer, "t");

    @Test
    void whatIsReadInPartsIsFetchedOnce() {
        hold(0, 10);
        assertThat(rereads.at(1, 0).to()).isEqualTo(10);
        for (long offset = 0; offset < 10; offset++) {
            assertThat(rereads.at(1, offset).records()).hasSize(10);
        }
        assertThat(polls).isEqualTo(1);

        add(10);
        assertThat(rereads.at(1, 10).records())
                .extracting(ConsumerRecord::offset)
                .containsExactly(10L);
        assertThat(polls).isEqualTo(2);
    }

    @Test
    void whileAnotherPartitionIsReadWhatWasFetchedOfThisOneIsKept() {
        hold(0, 1);
        assertThat(rereads.at(1, 0).to()).isEqualTo(1);
        consumer.updateBeginningOffsets(Map.of(TWO, 0L));
        assertThat(rereads.at(2, 5).records()).isEmpty();
        assertThat(consumer.assignment()).as("or it would be thrown away").containsExactlyInAnyOrder(ONE, TWO);
        assertThat(consumer.paused()).containsExactly(ONE);
        assertThat(consumer.position(ONE)).isEqualTo(1);
        assertThat(consumer.position(TWO)).isEqualTo(5);

        add(1);
        assertThat(rereads.at(1, 1).records())
                .extracting(ConsumerRecord::offset)
                .containsExactly(1L);
        assertThat(consumer.paused()).containsExactly(TWO);
    }

    @Test
    void whereNothingIsYetIsLookedAtAgain() {
        hold(0, 3);
        assertThat(rereads.at(1, 3).to()).isEqualTo(3);
        add(3);
        assertThat(rereads.at(1, 3).to()).isEqualTo(4);
    }

    private void hold(long from, long to) {
        consumer.updateBeginningOffsets(Map.of(ONE, 0L));
        consumer.assign(List.of(ONE));
        consumer.seek(ONE, from);
        for (long offset = from; offset < to; offset++) {
            add(offset);
        }
    }

    private void add(long offset) {
        consumer.addRecord(new ConsumerRecord<>("t", 1, offset, "ep_1", new byte[0]));
    }
}
