package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.LaggardPosition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CursorTest {

    /** The next owner reads the partition from where the slowest stands, so it passes over what the one before has counted. */
    @Test
    void whatIsCountedIsNotCountedAgainByTheNextOwner() {
        Cursor cursor = new Cursor("endpoint", "tenant", 0);
        cursor.takeOver(LaggardPosition.newBuilder()
                .setPartition(0)
                .setOffset(40)
                .setWaitingSince(Instant.EPOCH)
                .setPending(5L)
                .setCountedUntil(100L)
                .build());

        cursor.passedOver(99);
        assertThat(cursor.pending()).hasValue(5);
        cursor.passedOver(100);
        cursor.passedOver(100);
        assertThat(cursor.pending()).hasValue(6);
    }
}
