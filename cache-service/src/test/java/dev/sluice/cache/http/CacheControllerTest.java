package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What requests for entries are answered, also while Redis or Kafka is away. */
class CacheControllerTest extends CacheHttpScenario {

    @Test
    void whatNobodyReadsIsGone() {
        put("feed/keys/idle", "1", headers -> headers.set("Cache-Control", "max-age=3600, max-idle=100"));
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(90));
            get("feed/keys/idle")
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("Cache-Control", "max-age=100, max-idle=100");
        }
        clock.advance(Duration.ofSeconds(125));

        get("feed/keys/idle").expectStatus().isNotFound();
    }

    @Test
    void storesAndAnswersRawBytesWithWhatWasSaidOfThem() {
        String tag = header(
                put("feed/keys/user:1", "hello", headers -> {
                            headers.set("Content-Type", "text/plain; charset=utf-8");
                            headers.set("Cache-Control", "max-age=60");
                        })
                        .expectStatus()
                        .isCreated(),
                "ETag");
        clock.advance(Duration.ofSeconds(7));
        get("feed/keys/user:1")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectHeader()
                .valueEquals("Content-Type", "text/plain; charset=utf-8")
                .expectHeader()
                .valueEquals("Age", "7")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=53")
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=l1")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectBody(String.class)
                .isEqualTo("hello");
    }

    @Test
    void replacingAnswersNoContentAndANewTag() {
        String first =
                header(put("feed/keys/a", "1", headers -> {}).expectStatus().isCreated(), "ETag");
        String second =
                header(put("feed/keys/a", "", headers -> {}).expectStatus().isNoContent(), "ETag");
        assertThat(second).isNotEqualTo(first).matches("\"[0-9]+\"");
        get("feed/keys/a")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Type", "application/octet-stream")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=86400")
                .expectHeader()
                .contentLength(0);
    }

    @Test
    void headAnswersAsGetWithoutTheBody() {
        put("feed/keys/a", "12345", headers -> {});
        send(HttpMethod.HEAD, "feed/keys/a", headers -> {})
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentLength(5)
                .expectHeader()
                .exists("ETag")
                .expectBody()
                .isEmpty();
        send(HttpMethod.HEAD, "feed/keys/none", headers -> {}).expectStatus().isNotFound();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|200",
                "image/png, text/*;q=0.5|200",
                "*/*|200",
                "image/png|406",
                "text/html|406",
                ";;;|406",
                "text|406"
            })
    void aValueIsOfTheMediaTypeThatItWasStoredWith(String accept, int status) {
        put("feed/keys/a", "1", headers -> headers.set("Content-Type", "text/plain; charset=utf-8"));
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            send(method, "feed/keys/a", headers -> headers.set("Accept", accept))
                    .expectStatus()
                    .isEqualTo(status);
        }
        send(HttpMethod.DELETE, "feed/keys/a", headers -> headers.set("Accept", accept))
                .expectStatus()
                .isNoContent();
    }

    @Test
    void whatIsNotThereIsACacheMiss() {
        get("feed/keys/none")
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; fwd=miss")
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("https://sluice.dev/problems/cache_miss")
                .jsonPath("$.detail")
                .isNotEmpty();
        delete("feed/keys/none").expectStatus().isNotFound();
    }

    @Test
    void deletesOnce() {
        put("feed/keys/a", "1", headers -> {});
        delete("feed/keys/a").expectStatus().isNoContent().expectBody().isEmpty();
        get("feed/keys/a").expectStatus().isNotFound();
        delete("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void expiresWhenItsTimeIsOver() {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Control", "max-age=5"));
        clock.advance(Duration.ofMillis(4_999));
        get("feed/keys/a").expectStatus().isOk().expectHeader().valueEquals("Cache-Control", "max-age=0");
    }

    @Test
    void tenantsDoNotSeeEachOther() {
        put("feed/keys/a", "1", headers -> {});
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set(IdentityToken.HEADER, token("other", "admin")))
                .expectStatus()
                .isNotFound();
    }

    @Test
    void answersNotModifiedToWhomHasIt() {
        String tag = header(put("feed/keys/a", "1", headers -> {}), "ETag");
        for (String value : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", value))
                    .expectStatus()
                    .isNotModified()
                    .expectHeader()
                    .valueEquals("ETag", tag)
                    .expectHeader()
                    .valueEquals("Cache-Control", "max-age=86400")
                    .expectBody()
                    .isEmpty();
        }
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", "\"1\""))
                .expectStatus()
                .isOk();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-Match", "\"1\""))
                .expectStatus()
                .isEqualTo(412)
                .expectHeader()
                .valueEquals("ETag", tag);
    }

    @Test
    void conditionsDecideAboutWrites() {
        put("feed/keys/a", "1", headers -> headers.set("If-Match", "*"))
                .expectStatus()
                .isEqualTo(412);
        String tag = header(
                put("feed/keys/a", "1", headers -> headers.set("If-None-Match", "*"))
                        .expectStatus()
                        .isCreated(),
                "ETag");
        put("feed/keys/a", "2", headers -> headers.set("If-None-Match", "*"))
                .expectStatus()
                .isEqualTo(412)
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("precondition_failed");
        send(HttpMethod.DELETE, "feed/keys/a", headers -> headers.set("If-Match", "\"7\""))
                .expectStatus()
                .isEqualTo(412);
        String next = header(
                put("feed/keys/a", "3", headers -> headers.set("If-Match", tag))
                        .expectStatus()
                        .isNoContent(),
                "ETag");
        put("feed/keys/a", "4", headers -> headers.set("If-Match", tag))
                .expectStatus()
                .isEqualTo(412);
        get("feed/keys/a").expectBody(String.class).isEqualTo("3");
        send(HttpMethod.DELETE, "feed/keys/a", headers -> headers.set("If-Match", next))
                .expectStatus()
                .isNoContent();
    }

    @Test
    void withoutTheSharedLevelTheFirstOneAnswersAndNothingElse() {
        put("feed/keys/known", "1", headers -> {}).expectStatus().isCreated();
        redis.leave();
        get("feed/keys/known")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=l1");
        for (ResponseSpec answer : new ResponseSpec[] {
            get("feed/keys/unknown"), put("feed/keys/new", "1", headers -> {}), delete("feed/keys/known")
        }) {
            answer.expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "1")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("unavailable");
        }
    }

    @Test
    void aWriteThatIsNotAnnouncedIsNotAnsweredAsDone() {
        producer.sendException = new IllegalStateException("Kafka is away");
        put("feed/keys/a", "1", headers -> {})
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).startsWith("The change is made"))
                .jsonPath("$.etag")
                .value(String.class, tag -> assertThat(tag).matches("\"[0-9]+\""));
        get("feed/keys/a").expectStatus().isOk();
    }

    @Test
    void whatWasNotAnnouncedIsAnnouncedAsSoonAsTheLogIsBack() {
        producer.sendException = new IllegalStateException("Kafka is away");
        put("feed/keys/a", "1", headers -> {}).expectStatus().isEqualTo(503);
        assertThat(invalidations("a")).isZero();
        producer.sendException = null;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(invalidations("a")).isEqualTo(1));
    }

    @Test
    void aWriteWithoutAnAnswerFromTheSharedLevelIsAnnouncedAsADoubt() {
        redis.leave();
        put("feed/keys/a", "1", headers -> {}).expectStatus().isEqualTo(503);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(invalidations("a")).isEqualTo(1));
    }

    /** Versions are times of the shared level; this node's clock may be hours behind it. */
    @Test
    void aDoubtIsNewerThanAnyCopyWhateverTheClockOfThisNodeSays() {
        redis.leave();
        put("feed/keys/a", "1", headers -> {}).expectStatus().isEqualTo(503);
        await().atMost(PATIENCE).until(() -> invalidations("a") == 1);
        try (Deserializer<CacheInvalidation> records =
                RecordSerde.of(Topics.CACHE_INVALIDATIONS).deserializer()) {
            assertThat(producer.history().stream()
                            .filter(record ->
                                    new String(record.key(), StandardCharsets.UTF_8).equals(tenant + "|feed|a"))
                            .filter(record -> record.topic().equals(Topics.CACHE_INVALIDATIONS.name()))
                            .map(record -> records.deserialize(record.topic(), record.headers(), record.value())
                                    .getVersion()))
                    .containsExactly(Long.MAX_VALUE);
        }
    }
}
