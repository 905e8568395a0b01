package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.auth.AccessPolicy.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

class AccessPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "POST,/api/v1/events,events:write",
        "GET,/api/v1/events/stream,events:read",
        "GET,/api/v1/webhooks,webhooks:read",
        "HEAD,/api/v1/webhooks/wh_1,webhooks:read",
        "POST,/api/v1/webhooks,webhooks:write",
        "DELETE,/api/v1/webhooks/wh_1,webhooks:write",
        "PATCH,/api/v1/webhooks/wh_1,webhooks:write",
        "PUT,/api/v1/webhooks/wh_1,webhooks:write",
        "POST,/api/v1/webhooks/wh_1/pause,webhooks:write",
        "POST,/api/v1/webhooks/wh_1/resume,webhooks:write",
        "GET,/api/v1/webhooks/wh_1/secret,webhooks:secret",
        "HEAD,/api/v1/webhooks/wh_1/secret,webhooks:secret",
        "GET,/api/v1/webhooks/wh_1/secre%74,webhooks:secret",
        "POST,/api/v1/webhooks/wh_1/secret/rotate,webhooks:write",
        "GET,/api/v1/cache/namespaces/a/keys/b,cache:read",
        "POST,/api/v1/cache/namespaces/a/batch/get,cache:read",
        "POST,/api/v1/cache/namespaces/a/batch/put,cache:write",
        "PUT,/api/v1/cache/namespaces/a/keys/b,cache:write",
        "POST,/api/v1/cache/purge,cache:write",
        "GET,/api/v1/cache/purges/1,cache:read",
        "OPTIONS,/api/v1/cache/namespaces/a/keys/b,cache:write",
        "GET,/api/v1/cache/info,admin",
        "GET,/api/v1/cache/inf%6f,admin",
        "GET,/api/v1/cache/stats,metrics:read",
        "POST,/api/v1/cache/reset-metrics,admin",
        "GET,/api/v1/monitoring/health,metrics:read",
        "GET,/api/v1/tenants,admin",
        "PUT,/api/v1/tenants/acme,admin",
        "GET,/api/v1/keys/abc,admin",
        "GET,/api/v1/keys/usage,admin",
        "GET,/api/v1/keys/abc/usage,metrics:read",
        "POST,/api/v1/keys/abc/usage,admin",
        "POST,/api/v1/keys/abc/roll,admin",
        "GET,/api/v1/usage,metrics:read",
        "POST,/api/v1/keys,admin",
        "GET,/api/v1/jobs,events:write",
        "POST,/api/v1/jobs/job_1/cancel,events:write",
        "POST,/api/v1/events/import,events:write",
        "PUT,/api/v1/tiers/gold,admin",
        "PUT,/api/v1/event-types/order.created,admin",
        "DELETE,/api/v1/event-types/order.created,admin",
        "DELETE,/api/v1/tiers/gold,admin"
    })
    void namesTheScope(String method, String path, String scope) {
        assertThat(of(method, path)).isEqualTo(new Requirement.Scope(scope));
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/%6Beys", "/api/v1/k%65ys/abc", "/%61pi/v1/keys", "/api/v1/tenants;a=b", "//api/v1/tenants"})
    void seesThroughOtherSpellingsOfAPath(String path) {
        assertThat(of("POST", path)).isEqualTo(new Requirement.Scope("admin"));
    }

    @Test
    void onlyWholeSegmentsFit() {
        assertThat(of("GET", "/api/v1/keysmith")).isEqualTo(new Requirement.AnyKey());
        assertThat(of("GET", "/schema-registry-of-others")).isEqualTo(new Requirement.AnyKey());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/",
        "HEAD,/",
        "GET,/api/v1/webhook-keys/ep_1",
        "GET,/api/v1/monitoring/dashboard",
        "GET,/schema-registry/subjects",
        "POST,/schema-registry/subjects/a"
    })
    void isOpenForThePageTheSchemasAndPublicKeys(String method, String path) {
        assertThat(of(method, path)).isEqualTo(new Requirement.Open());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/",
        "GET,/api/v1/limits",
        "GET,/api/v1/tiers",
        "GET,/api/v1/event-types",
        "GET,/nothing",
        "GET,/actuator/health"
    })
    void everythingElseNeedsAKey(String method, String path) {
        assertThat(of(method, path)).isEqualTo(new Requirement.AnyKey());
    }

    private static Requirement of(String method, String path) {
        return AccessPolicy.of(HttpMethod.valueOf(method), PathContainer.parsePath(path));
    }
}
