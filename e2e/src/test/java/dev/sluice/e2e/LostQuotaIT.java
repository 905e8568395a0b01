package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A Redis loses its counts, and every gateway over it is stopped: what was used of a quota stays used, for the log has it. */
class LostQuotaIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ROUTE = "/api/v1/tiers/free";
    private static final int QUOTA = 20;
    private static final int SPENT = 13;

    private static final Platform PLATFORM = Platform.shared();

    /** Of a month, so that no window ends in the midst of a test. */
    private final Client tenant = Tenants.newClientWith(PLATFORM, "\"window\":\"month\",\"quota\":%d".formatted(QUOTA));

    @Test
    void admitsWhatWasLeftAndNoMore() {
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            try (FurtherGateway first = FurtherGateway.startPatient(PLATFORM, redis)) {
                Client client = first.awaitReady().like(tenant);
                // It shares limits among all gateways that are alive until it trusts a Redis that is new.
                await().atMost(PATIENCE).until(() -> first.meters().sum("sluice_limit_redis_away", "") == 0);
                awaitUsed(client, 0);
                assertThat(admitted(client, SPENT)).isEqualTo(SPENT);
            }
            redis.kill();
            redis.start();
            try (FurtherGateway second = FurtherGateway.startPatient(PLATFORM, redis)) {
                Client client = second.awaitReady().like(tenant);
                // To ask costs nothing, so nothing is charged before the aggregator has counted and the log is read.
                awaitUsed(client, SPENT);
                assertThat(admitted(client, 2 * QUOTA)).isEqualTo(QUOTA - SPENT);
            }
        }
    }

    private static void awaitUsed(Client client, long used) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Client.Answer limits = client.get("/api/v1/limits");
            assertThat(limits.json().path("limits").path(0).path("used").asLong(-1))
                    .as(limits.text())
                    .isEqualTo(used);
        });
    }

    private static long admitted(Client client, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> client.get(ROUTE).status() == 200)
                .count();
    }
}
