package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DomainEvent;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

    @Test
    void keepsEventsOfOneSubjectTogetherAndTenantsApart() {
        DomainEvent event = new DomainEvent();
        event.setTenant("acme");
        event.setId("e-1");
        assertThat(EventPublisher.keyOf(event)).isEqualTo("acme|e-1");
        event.setSubject("order-7");
        assertThat(EventPublisher.keyOf(event)).isEqualTo("acme|order-7");
    }
}
