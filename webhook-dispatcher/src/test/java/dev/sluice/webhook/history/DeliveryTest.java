package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void standsAsItsLatestAttemptLeftIt() {
        Entry first = Entries.attempt("ep_1", "msg_1", 1, AT, State.RETRYING);
        Entry second = Entries.attempt("ep_1", "msg_1", 2, AT.plusSeconds(5), State.DELIVERED);

        assertThat(new Delivery(List.of(first)).state()).isEqualTo(State.RETRYING);
        Delivery delivery = new Delivery(List.of(second, first));
        assertThat(delivery.state()).isEqualTo(State.DELIVERED);
        assertThat(delivery.createdAt()).isEqualTo(AT.minusSeconds(1));
        assertThat(delivery.lastMadeAt()).contains(AT.plusSeconds(4));
        assertThat(DeliveryView.whole(delivery).log())
                .extracting(AttemptView::attempt)
                .containsExactly(2, 1);
        assertThat(DeliveryView.listed(delivery).log()).isNull();
    }
}
