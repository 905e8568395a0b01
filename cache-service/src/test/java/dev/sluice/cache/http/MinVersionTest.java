package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Readers who know of a version that this node has not heard of. */
class MinVersionTest extends CacheHttpScenario {

    @Test
    void anOlderCopyIsPassedOver() {
        String old = header(put("feed/keys/a", "old", headers -> {}), "ETag");
        String known = putElsewhere("new");
        get("feed/keys/a").expectBody(String.class).isEqualTo("old");

        read(old).expectHeader().valueEquals("Cache-Status", "sluice; hit; detail=l1");
        read(known)
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("ETag", known)
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=l2")
                .expectBody(String.class)
                .isEqualTo("new");
        read(known).expectHeader().valueEquals("Cache-Status", "sluice; hit; detail=l1");
    }

    @Test
    void whereNothingIsAsNewThereIsNothing() {
        put("feed/keys/a", "old", headers -> {});

        read("\"9007199254740992\"").expectStatus().isNotFound();
        send(HttpMethod.HEAD, "feed/keys/a", headers -> headers.set("Cache-Min-Version", "\"9007199254740992\""))
                .expectStatus()
                .isNotFound();
        get("feed/keys/a").expectStatus().isOk();
    }

    /** Who would make the value is given the lease over what is too old for them. */
    @Test
    void whatIsTooOldMayBeMadeAnew() {
        put("feed/keys/a", "old", headers -> {});
        send(HttpMethod.GET, "feed/keys/a", headers -> {
                    headers.set("Cache-Lease", "?1");
                    headers.set("Cache-Min-Version", "\"9007199254740992\"");
                })
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .valueMatches("Cache-Lease", "\"[0-9]+\"");
    }

    @Test
    void withoutTheSharedLevelNobodyCanTell() {
        put("feed/keys/a", "old", headers -> {});
        redis.leave();

        get("feed/keys/a").expectStatus().isOk();
        read("\"9007199254740992\"").expectStatus().isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "\"\"",
                "\"0\"",
                "\"-1\"",
                "\"x\"",
                "W/\"7\"",
                "*",
                "\"1\", \"2\"",
                "\"9007199254740993\""
            })
    void refusesWhatIsNoVersion(String value) {
        read(value)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("Cache-Min-Version");
    }

    @Test
    void refusesTwoVersions() {
        send(HttpMethod.GET, "feed/keys/a", headers -> {
                    headers.add("Cache-Min-Version", "\"1\"");
                    headers.add("Cache-Min-Version", "\"2\"");
                })
                .expectStatus()
                .isBadRequest();
    }

    private ResponseSpec read(String minVersion) {
        return send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("Cache-Min-Version", minVersion));
    }

    /** As another node does it whose announcement is still on its way. */
    private String putElsewhere(String value) {
        CacheValue bytes = CacheValue.of(value.getBytes(StandardCharsets.UTF_8), "text/plain");
        return EntityTags.of(Objects.requireNonNull(redis.put(
                                new CacheKey(tenant, "feed", "a"),
                                bytes,
                                Lifetime.of(Duration.ofHours(1)),
                                Condition.any())
                        .block())
                .version());
    }
}
