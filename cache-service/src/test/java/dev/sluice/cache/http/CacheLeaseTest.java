package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.IdentityToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What is stale, known to be absent, or to be made by one of those who ask. */
class CacheLeaseTest extends CacheHttpScenario {
    private static final String STALE = "max-age=60, stale-while-revalidate=30, stale-if-error=600";

    @Test
    void ofThoseWhoMissOneIsGivenALeaseAndStoresWithIt() {
        String lease = header(ask("feed/keys/a").expectStatus().isNotFound(), "Cache-Lease");
        assertThat(lease).matches("\"[0-9]+\"");
        assertThat(header(ask("feed/keys/a").expectStatus().isNotFound(), "Cache-Lease"))
                .isEqualTo("held;ms=10000");
        put("feed/keys/a", "1", headers -> headers.set("Cache-Lease", lease))
                .expectStatus()
                .isCreated();
        put("feed/keys/a", "2", headers -> headers.set("Cache-Lease", lease))
                .expectStatus()
                .isEqualTo(412);
        ask("feed/keys/a").expectStatus().isOk().expectHeader().doesNotExist("Cache-Lease");
    }

    @Test
    void aDeleteVoidsTheLeaseSoThatNothingOldComesBack() {
        String lease = header(ask("feed/keys/a"), "Cache-Lease");
        delete("feed/keys/a").expectStatus().isNotFound();
        put("feed/keys/a", "old", headers -> headers.set("Cache-Lease", lease))
                .expectStatus()
                .isEqualTo(412);
        get("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void aLeaseIsGivenBackOnce() {
        String lease = header(ask("feed/keys/a"), "Cache-Lease");
        release(lease).expectStatus().isNoContent();
        release(lease).expectStatus().isNotFound();
        assertThat(header(ask("feed/keys/a"), "Cache-Lease")).startsWith("\"");
        send(HttpMethod.DELETE, "feed/keys/a/lease", headers -> {})
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("Cache-Lease");
    }

    @Test
    void staleIsAnsweredWhileOneMakesItAnew() {
        put("feed/keys/a", "old", headers -> headers.set("Cache-Control", STALE));
        get("feed/keys/a")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=60, stale-while-revalidate=30, stale-if-error=600");
        clock.advance(Duration.ofSeconds(70));
        String lease = header(
                ask("feed/keys/a")
                        .expectStatus()
                        .isOk()
                        .expectHeader()
                        .valueEquals("Cache-Status", "sluice; hit; detail=stale")
                        .expectHeader()
                        .valueEquals("Age", "70")
                        .expectHeader()
                        .valueEquals("Cache-Control", "max-age=0, stale-while-revalidate=20, stale-if-error=590"),
                "Cache-Lease");
        put("feed/keys/a", "new", headers -> headers.set("Cache-Lease", lease))
                .expectStatus()
                .isNoContent();
        get("feed/keys/a").expectBody(String.class).isEqualTo("new");
    }

    @Test
    void whatIsKeptForErrorsIsAnsweredToWhoHasSeenOne() {
        put("feed/keys/a", "old", headers -> headers.set("Cache-Control", STALE));
        clock.advance(Duration.ofSeconds(100));
        get("feed/keys/a").expectStatus().isNotFound();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("Cache-Control", "stale-if-error"))
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=stale")
                .expectBody(String.class)
                .isEqualTo("old");
    }

    @Test
    void whatTheOriginDoesNotHaveIsRememberedAsAMiss() {
        put("feed/keys/a", "", headers -> headers.set("Cache-Absent", "?1"))
                .expectStatus()
                .isCreated();
        ask("feed/keys/a")
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=negative")
                .expectHeader()
                .doesNotExist("Cache-Lease");
        put("feed/keys/a", "1", headers -> headers.set("If-None-Match", "*"))
                .expectStatus()
                .isCreated();
        put("feed/keys/b", "1", headers -> headers.set("Cache-Absent", "?1"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("Cache-Absent");
    }

    @Test
    void whoMayNotWriteIsGivenNoLease() {
        send(HttpMethod.GET, "feed/keys/a", headers -> {
                    headers.set("Cache-Lease", "?1");
                    headers.set(IdentityToken.HEADER, token(tenant, "cache:read"));
                })
                .expectStatus()
                .isForbidden();
    }

    private ResponseSpec ask(String path) {
        return send(HttpMethod.GET, path, headers -> headers.set("Cache-Lease", "?1"));
    }

    private ResponseSpec release(String lease) {
        return send(HttpMethod.DELETE, "feed/keys/a/lease", headers -> headers.set("Cache-Lease", lease));
    }
}
