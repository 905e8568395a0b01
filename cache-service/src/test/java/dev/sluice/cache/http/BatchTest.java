package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.IdentityToken;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Many entries in one request, each answered as if it had come alone. */
class BatchTest extends CacheHttpScenario {

    @Test
    void storesReadsAndRemovesManyAtOnce() {
        ok(batch(
                        "put",
                        "{'items':[{'key':'a','value':'aGVsbG8=','contentType':'text/plain',"
                                + "'cacheControl':'max-age=60'},{'key':'b','value':''}]}"))
                .jsonPath("$.items[0].status")
                .isEqualTo(201)
                .jsonPath("$.items[0].etag")
                .isNotEmpty()
                .jsonPath("$.items[1].status")
                .isEqualTo(201);
        assertThat(invalidations("a")).isOne();
        ok(batch("get", "{'keys':['b','none','a']}"))
                .jsonPath("$.items[0].key")
                .isEqualTo("b")
                .jsonPath("$.items[0].value")
                .isEqualTo("")
                .jsonPath("$.items[0].contentType")
                .isEqualTo("application/octet-stream")
                .jsonPath("$.items[1].status")
                .isEqualTo(404)
                .jsonPath("$.items[1].problem.code")
                .isEqualTo("cache_miss")
                .jsonPath("$.items[1].value")
                .doesNotExist()
                .jsonPath("$.items[2].value")
                .isEqualTo("aGVsbG8=")
                .jsonPath("$.items[2].contentType")
                .isEqualTo("text/plain")
                .jsonPath("$.items[2].cacheStatus")
                .isEqualTo("sluice; hit; detail=l1");
        get("feed/keys/a").expectStatus().isOk().expectBody(String.class).isEqualTo("hello");
        ok(batch("delete", "{'keys':['a','none']}"))
                .jsonPath("$.items[0].status")
                .isEqualTo(204)
                .jsonPath("$.items[1].status")
                .isEqualTo(404);
        get("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void oneItemThatIsRefusedDoesNotHinderTheOthers() {
        put("feed/keys/there", "1", headers -> {});
        ok(batch(
                        "put",
                        "{'items':[{'key':'there','value':'','ifNoneMatch':'*'},{'key':'\\u0001','value':''},"
                                + "{'key':'c','value':'no base64!'},{'key':'d','value':'','cacheControl':'max-age=0'},"
                                + "{'key':'e','value':''}]}"))
                .jsonPath("$.items[0].status")
                .isEqualTo(412)
                .jsonPath("$.items[0].etag")
                .isNotEmpty()
                .jsonPath("$.items[1].problem.field")
                .isEqualTo("key")
                .jsonPath("$.items[2].problem.field")
                .isEqualTo("value")
                .jsonPath("$.items[3].problem.field")
                .isEqualTo("Cache-Control")
                .jsonPath("$.items[4].status")
                .isEqualTo(201);
    }

    @Test
    void withoutTheSharedLevelEachItemSaysSo() {
        put("feed/keys/known", "1", headers -> {});
        redis.leave();
        ok(batch("get", "{'keys':['known','other']}"))
                .jsonPath("$.items[0].status")
                .isEqualTo(200)
                .jsonPath("$.items[1].status")
                .isEqualTo(503);
        ok(batch("delete", "{'keys':['known']}")).jsonPath("$.items[0].status").isEqualTo(503);
    }

    @Test
    void everyKeyIsAnsweredInItsPlaceAlsoTwice() {
        put("feed/keys/a", "1", headers -> {});
        put("feed/keys/b", "2", headers -> {});
        ok(batch("get", "{'keys':['b','x','a','b','x']}"))
                .jsonPath("$.items[*].key")
                .value(keys -> assertThat(keys).hasToString("[\"b\",\"x\",\"a\",\"b\",\"x\"]"))
                .jsonPath("$.items[*].status")
                .value(states -> assertThat(states).hasToString("[200,404,200,200,404]"))
                .jsonPath("$.items[3].value")
                .isEqualTo("Mg==");
    }

    @Test
    void noAnswerHoldsMoreThanEightMebibytes() {
        for (int i = 0; i < 9; i++) {
            put("feed/keys/big" + i, "x".repeat(1 << 20), headers -> {});
        }
        String keys = IntStream.range(0, 9).mapToObj(i -> "'big" + i + "'").collect(Collectors.joining(","));
        ok(batch("get", "{'keys':[" + keys + "]}"))
                .jsonPath("$.items[7].status")
                .isEqualTo(200)
                .jsonPath("$.items[8].problem.code")
                .isEqualTo("too_large");
    }

    @Test
    void refusesWhatIsNoBatch() {
        String many = IntStream.range(0, 1001).mapToObj(i -> "'k" + i + "'").collect(Collectors.joining(","));
        batch("get", "{'keys':[" + many + "]}").expectStatus().isBadRequest();
        batch("get", "{'keys':[]}").expectStatus().isBadRequest();
        batch("get", "{'keys':['a'],'more':1}").expectStatus().isBadRequest();
        batch("put", "{'items':[{'key':'a'}]}").expectStatus().isBadRequest();
        batch("get", "{'keys':[null]}").expectStatus().isBadRequest();
    }

    @Test
    void aNamespaceThatIsNoneIsRefusedAsAWhole() {
        for (String action : List.of("get", "put", "delete")) {
            String body = action.equals("put") ? "{'items':[{'key':'a','value':''}]}" : "{'keys':['a']}";
            sendTo("NotOne", action, body, "cache:read", "cache:write")
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.field")
                    .isEqualTo("namespace");
        }
    }

    @Test
    void asksForTheScopeOfWhatItDoes() {
        send("get", "{'keys':['a']}", "cache:read").expectStatus().isOk();
        send("get", "{'keys':['a']}", "cache:write").expectStatus().isForbidden();
        send("put", "{'items':[]}", "cache:read").expectStatus().isForbidden();
        send("delete", "{'keys':['a']}", "cache:read").expectStatus().isForbidden();
    }

    private static BodyContentSpec ok(ResponseSpec answer) {
        return answer.expectStatus().isOk().expectBody();
    }

    private ResponseSpec batch(String action, String body) {
        return send(action, body, "cache:read", "cache:write");
    }

    private ResponseSpec send(String action, String body, String... scopes) {
        return sendTo("feed", action, body, scopes);
    }

    private ResponseSpec sendTo(String namespace, String action, String body, String... scopes) {
        return client().mutate()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(32 << 20))
                .build()
                .post()
                .uri(uri(namespace + "/batch/" + action))
                .header(IdentityToken.HEADER, token(tenant, scopes))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body.replace('\'', '"'))
                .exchange();
    }
}
