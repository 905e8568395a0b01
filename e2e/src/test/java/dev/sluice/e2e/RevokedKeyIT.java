package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Once a revocation is answered, no gateway takes the key, whichever of them was asked to revoke it. */
class RevokedKeyIT {

    private static final int KEYS = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ROUTE = "/api/v1/tiers/free";

    private final Platform platform = Platform.shared();
    private final FurtherGateway further =
            FurtherGateway.start(platform, Map.of("SLUICE_GATEWAY_AUTH_WRONGKEYSPERMINUTE", "0"));
    private final Client admin = platform.client("admin");
    private final String tenant = Tenants.newOne(platform, "unlimited");

    private record Key(String id, Client client) {}

    @AfterEach
    void stop() {
        further.close();
    }

    @Test
    void isRefusedByBothGatewaysAsSoonAsItsRevocationIsAnswered() {
        List<Client> admins = List.of(admin, further.awaitReady().like(admin));
        // Until both know of each other; one that was killed before is waited for until its silence is over.
        admins.forEach(client -> await().atMost(PATIENCE)
                .until(() -> isInForceOnTwo(
                        client.send("POST", "/api/v1/keys?wait=all", "application/json", Tenants.key(tenant)))));
        for (int i = 0; i < KEYS; i++) {
            Key key = newKey();
            Client elsewhere = further.like(key.client());
            assertThat(key.client().get(ROUTE).status()).isEqualTo(200);
            assertThat(elsewhere.get(ROUTE).status()).isEqualTo(200);
            Client.Answer revoked = admins.get(i % 2).send("DELETE", "/api/v1/keys/" + key.id() + "?wait=all", "", "");
            assertRefused(key.client().get(ROUTE));
            assertRefused(elsewhere.get(ROUTE));
            assertThat(isInForceOnTwo(revoked)).as(revoked.text()).isTrue();
        }
    }

    private Key newKey() {
        Client.Answer made = admin.send("POST", "/api/v1/keys?wait=all", "application/json", Tenants.key(tenant));
        assertThat(isInForceOnTwo(made)).as(made.text()).isTrue();
        return new Key(
                made.json().path("id").asString(),
                new Client(admin.gateway(), made.json().path("key").asString()));
    }

    private static boolean isInForceOnTwo(Client.Answer answer) {
        JsonNode propagation = answer.json().path("propagation");
        return propagation.path("complete").asBoolean(false)
                && propagation.path("gateways").asInt() == 2;
    }

    /** After some wrong keys from one address the gateway says so, with 429 instead of 401. */
    private static void assertRefused(Client.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isIn(401, 429);
        assertThat(answer.json().path("type").asString())
                .endsWith(answer.status() == 401 ? "unauthenticated" : "too_many_wrong_keys");
    }
}
