package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.access.AccessPublisher.Dimension;
import dev.sluice.gateway.access.AccessPublisher.Request;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.schemas.RecordDecoder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBatchTest {

    static {
        // Builders of records copy what is in them, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<RequestBatch> _ = RecordDecoder.of(RequestBatch.class);
    }

    private static final Dimension DIMENSION = new Dimension("acme", "/api/v1/keys/{id}");
    private static final long START = 1_767_225_600_000_001L;

    @Test
    void putsRequestsInTheOrderInWhichTheyEndedAndCountsFromTheFirst() {
        RequestBatch batch = AccessPublisher.batchOf(
                DIMENSION,
                "gateway-1",
                List.of(
                        new Request(
                                START + 2_000,
                                "PUT",
                                201,
                                5,
                                3,
                                7,
                                9,
                                "key-1",
                                "free",
                                LimitVerdict.ALLOWED,
                                "admin",
                                2,
                                true,
                                true),
                        new Request(
                                START,
                                "GET",
                                401,
                                4,
                                Request.NOT_ASKED,
                                0,
                                8,
                                null,
                                null,
                                LimitVerdict.NOT_LIMITED,
                                "other",
                                0,
                                false,
                                false)));
        assertThat(batch.getTenant()).isEqualTo("acme");
        assertThat(batch.getRoute()).isEqualTo("/api/v1/keys/{id}");
        assertThat(batch.getGateway()).isEqualTo("gateway-1");
        assertThat(batch.getFirstAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.000001Z"));
        assertThat(batch.getEntries()).extracting(RequestEntry::getOffsetMicros).containsExactly(0L, 2_000L);
        RequestEntry refused = batch.getEntries().getFirst();
        assertThat(refused.getUpstreamNanos()).isNull();
        assertThat(refused.getKeyId()).isNull();
        RequestEntry put = batch.getEntries().getLast();
        assertThat(put.getUpstreamNanos()).isEqualTo(3);
        assertThat(put.getCached()).isTrue();
        assertThat(put.getLooked()).isTrue();
        assertThat(refused.getCached()).isFalse();
        assertThat(refused.getLooked()).isFalse();
        assertThat(put.getLatencyNanos()).isEqualTo(5);
        assertThat(put.getRequestBytes()).isEqualTo(7);
        assertThat(put.getResponseBytes()).isEqualTo(9);
        assertThat(put.getVerdict()).isEqualTo(LimitVerdict.ALLOWED);
        assertThat(put.getGroup()).isEqualTo("admin");
        assertThat(put.getCost()).isEqualTo(2);
    }

    @Test
    void keyNamesTenantAndRoute() {
        assertThat(DIMENSION.recordKey()).isEqualTo("acme|/api/v1/keys/{id}");
    }
}
