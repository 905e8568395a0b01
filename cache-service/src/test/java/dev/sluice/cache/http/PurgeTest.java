package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.IdentityToken;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Many entries taken out of the cache by what they have in common. */
class PurgeTest extends CacheHttpScenario {

    @Test
    void purgesByTagAndTellsTheGroupsOfAValue() {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Groups", "\"x\", \"say \\\"y\\\"\""));
        put("feed/keys/b", "2", headers -> headers.set("Cache-Groups", "\"z\""));
        put("other/keys/a", "3", headers -> headers.set("Cache-Groups", "\"x\""));
        assertThat(header(get("feed/keys/a"), "Cache-Groups")).isEqualTo("\"say \\\"y\\\"\", \"x\"");

        String location = header(
                purge("{'namespace':'feed','tags':['say \\'y\\'']}")
                        .expectStatus()
                        .isAccepted(),
                "Location");

        assertThat(location).matches("/api/v1/cache/purges/[0-9]+");
        get("feed/keys/a").expectStatus().isNotFound();
        get("feed/keys/b").expectStatus().isOk();
        get("other/keys/a").expectStatus().isOk();
    }

    @Test
    void purgesByPrefixPatternAndNamespace() {
        for (String key : new String[] {"user:1", "user:2:name", "item:1", "item:2"}) {
            put("feed/keys/" + key, "1", headers -> {});
        }
        purge("{'namespace':'feed','prefixes':['user:2'],'patterns':['i*:1']}")
                .expectStatus()
                .isAccepted();
        get("feed/keys/user:2:name").expectStatus().isNotFound();
        get("feed/keys/item:1").expectStatus().isNotFound();
        get("feed/keys/user:1").expectStatus().isOk();
        get("feed/keys/item:2").expectStatus().isOk();
        purge("{'namespace':'feed'}").expectStatus().isAccepted();
        get("feed/keys/user:1").expectStatus().isNotFound();
        put("feed/keys/user:1", "2", headers -> headers.set("If-None-Match", "*"))
                .expectStatus()
                .isCreated();
        get("feed/keys/user:1").expectStatus().isOk().expectBody(String.class).isEqualTo("2");
    }

    @Test
    void keysAreRemovedAtOnceAndCounted() {
        put("feed/keys/a", "1", headers -> {});
        put("feed/keys/b", "1", headers -> {});
        purge("{'namespace':'feed','keys':['a','none']}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.removed")
                .isEqualTo(1)
                .jsonPath("$.id")
                .doesNotExist();
        assertThat(invalidations("a")).isEqualTo(2);
        get("feed/keys/a").expectStatus().isNotFound();
        get("feed/keys/b").expectStatus().isOk();
    }

    @Test
    void aSoftPurgeLeavesWhatMayBeServedStale() {
        put("feed/keys/a", "old", headers -> headers.set("Cache-Control", "max-age=60, stale-while-revalidate=30"));
        put("feed/keys/b", "old", headers -> headers.set("Cache-Control", "max-age=60"));
        put("feed/keys/c", "old", headers -> headers.set("Cache-Control", "max-age=60, stale-while-revalidate=30"));
        purge("{'namespace':'feed','keys':['a','b'],'soft':true}")
                .expectStatus()
                .isAccepted();
        clock.advance(Duration.ofMillis(10));
        get("feed/keys/a")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=stale");
        get("feed/keys/b").expectStatus().isNotFound();
        get("feed/keys/c").expectHeader().valueEquals("Cache-Status", "sluice; hit; detail=l1");
    }

    @Test
    void whatWasBegunBeforeAPurgeIsNotServedAfterIt() {
        String lease =
                header(send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("Cache-Lease", "?1")), "Cache-Lease");
        purge("{'namespace':'feed'}").expectStatus().isAccepted();
        put("feed/keys/a", "old", headers -> headers.set("Cache-Lease", lease));
        get("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void aPurgeThatIsNotAnnouncedSaysSo() {
        put("feed/keys/a", "1", headers -> {});
        epochLog.becomeSilent();
        purge("{'namespace':'feed'}")
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains("The purge is made"));
        get("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void withoutTheSharedLevelNothingIsPurged() {
        put("feed/keys/a", "1", headers -> {});
        redis.leave();
        purge("{'namespace':'feed'}").expectStatus().isEqualTo(503);
        get("feed/keys/a").expectStatus().isOk();
    }

    @Test
    void tooManyPurgesAreRefusedForAWhile() {
        String tags = IntStream.range(0, 60).mapToObj(i -> "'t" + i + "'").collect(Collectors.joining(","));
        purge("{'namespace':'feed','tags':[" + tags + "]}")
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .valueEquals("Retry-After", "60");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'tags':['a']}|namespace",
                "{'namespace':'NotOne'}|namespace",
                "{'namespace':'feed','tags':[]}|tags",
                "{'namespace':'feed','keys':[]}|keys",
                "{'namespace':'feed','keys':['']}|keys[0]",
                "{'namespace':'feed','prefixes':['a','\\u0000']}|prefixes[1]",
                "{'namespace':'feed','patterns':['']}|patterns[0]",
                "{'namespace':'feed','soft':'yes'}|soft",
            })
    void refusesWhatIsNoPurge(String body, String field) {
        purge(body)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "\"a", "\"a\" \"b\"", "\"\"", "\"é\"", "\"a\";p=1", "", "\"a\","})
    void refusesGroupsThatAreNone(String groups) {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Groups", groups))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("Cache-Groups");
    }

    @Test
    void asksForTheScopeToWrite() {
        send("{'namespace':'feed'}", "cache:read").expectStatus().isForbidden();
        find("1", "cache:write").expectStatus().isForbidden();
        find("x", "cache:read").expectStatus().isNotFound();
    }

    private ResponseSpec purge(String body) {
        clock.advance(Duration.ofMillis(10));
        return send(body, "cache:read", "cache:write");
    }

    private ResponseSpec send(String body, String... scopes) {
        return client().post()
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/cache/purge"))
                .header(IdentityToken.HEADER, token(tenant, scopes))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body.replace("\\'", "\\\"").replace('\'', '"'))
                .exchange();
    }

    private ResponseSpec find(String id, String... scopes) {
        return client().get()
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/cache/purges/" + id))
                .header(IdentityToken.HEADER, token(tenant, scopes))
                .exchange();
    }
}
