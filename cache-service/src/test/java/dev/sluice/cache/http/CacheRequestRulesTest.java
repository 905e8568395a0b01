package dev.sluice.cache.http;

import dev.sluice.platform.web.IdentityToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** Which requests are refused, and that nothing is stored by them. */
class CacheRequestRulesTest extends CacheHttpScenario {

    @Test
    void takesAValueOfOneMebibyteAndNotAByteMore() {
        put("feed/keys/a", "x".repeat(1 << 20), headers -> {}).expectStatus().isCreated();
        put("feed/keys/b", "x".repeat((1 << 20) + 1), headers -> {})
                .expectStatus()
                .isEqualTo(413)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("too_large");
        get("feed/keys/b").expectStatus().isNotFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Feed/keys/a", "-feed/keys/a", "fe%20ed/keys/a", "%E2%82%AC/keys/a", "f%3Aeed/keys/a"})
    void refusesNamespacesThatAreNone(String path) {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE}) {
            send(method, path, headers -> {})
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.field")
                    .isEqualTo("namespace");
        }
    }

    @Test
    void countsTheBytesOfAKeyAfterDecoding() {
        put("feed/keys/" + "%E2%82%AC".repeat(170) + "ab", "1", headers -> {})
                .expectStatus()
                .isCreated();
        put("feed/keys/" + "%E2%82%AC".repeat(170) + "abc", "1", headers -> {})
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("key");
    }

    @Test
    void keysAreTextThatIsNeverInterpreted() {
        for (String key :
                new String[] {"*", "%3F", "%5Ba%5D", "%7Bt%7D", "tenant:feed:a", "a%20b", "a+b", "%25", "..a"}) {
            String path = "feed/keys/" + key;
            put(path, key, headers -> {}).expectStatus().isCreated();
            get(path).expectStatus().isOk().expectBody(String.class).isEqualTo(key);
        }
        get("feed/keys/a%2Bb").expectStatus().isOk().expectBody(String.class).isEqualTo("a+b");
    }

    @ParameterizedTest
    @CsvSource({
        "feed/keys/a%00b, path",
        "feed/keys/a%C2%85b, path",
        "feed/keys/a%2Fb, path",
        "feed/keys/a%FFb, path",
        "feed/keys/a;b=c, path",
        "feed/keys/.., path",
        "feed/keys/a/, path",
        "feed/keys/a?ttl=60, query",
    })
    void refusesPathsThatMeanMoreThanOneThing(String path, String field) {
        put(path, "1", headers -> {})
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
    }

    @Test
    void refusesHeadersThatItCannotFollowAndStoresNothing() {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Control", "max-age=0"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid_header")
                .jsonPath("$.field")
                .isEqualTo("Cache-Control");
        put("feed/keys/a", "1", headers -> headers.set("Content-Type", "text/*"))
                .expectStatus()
                .isBadRequest();
        put("feed/keys/a", "1", headers -> headers.set("If-Match", "nonsense"))
                .expectStatus()
                .isBadRequest();
        get("feed/keys/a").expectStatus().isNotFound();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", "nonsense"))
                .expectStatus()
                .isBadRequest();
    }

    @Test
    void asksForTheScopeOfEachMethod() {
        put("feed/keys/a", "1", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:read")))
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("Use an API key with the scope cache:write.");
        send(
                        HttpMethod.DELETE,
                        "feed/keys/a",
                        headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:read")))
                .expectStatus()
                .isForbidden();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:write")))
                .expectStatus()
                .isForbidden();
        put("feed/keys/a", "1", headers -> headers.set(IdentityToken.HEADER, token(tenant, "admin")))
                .expectStatus()
                .isCreated();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.remove(IdentityToken.HEADER))
                .expectStatus()
                .isUnauthorized();
        send(HttpMethod.POST, "feed/keys/a", headers -> {}).expectStatus().isEqualTo(405);
    }
}
