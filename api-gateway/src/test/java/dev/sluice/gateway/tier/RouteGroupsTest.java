package dev.sluice.gateway.tier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

class RouteGroupsTest {

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/v1/charts,                           charts",
        "GET,    /api/v1/charts/today,                     charts",
        "GET,    /api/v1/readings/7,                       readings",
        "POST,   /api/v1/events,                           events",
        "GET,    /api/v1/webhooks,                         webhooks",
        "DELETE, /api/v1/webhooks/ep_1,                    webhooks",
        "PUT,    /api/v1/cache/namespaces/a/keys/b,        cache",
        "GET,    /api/v1/cache/info,                       metrics",
        "GET,    /api/v1/cache/stats,                      metrics",
        "GET,    /api/v1/cache/health,                     metrics",
        "GET,    /api/v1/cache,                            metrics",
        "GET,    /api/v1/monitoring/errors,                metrics",
        "GET,    /api/v1/usage,                            metrics",
        "POST,   /api/v1/keys,                             admin",
        "PUT,    /api/v1/tenants/acme,                     admin",
        "GET,    /api/v1/tiers/free,                       other",
        "HEAD,   /api/v1/tiers,                            other",
        "PUT,    /api/v1/tiers/free,                       admin",
        "GET,    /api/v1/limits,                           other",
        "GET,    /schema-registry/subjects,                other",
        "GET,    /,                                        other",
        "GET,    /api/v1,                                  other",
        "GET,    /api/v2/charts,                           other",
        "GET,    /api/v1/Charts,                           other",
        "GET,    /api/v1/chartsy,                          other",
    })
    void areFoundByMethodAndPath(String method, String path, String group) {
        assertThat(groupOf(method, path)).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/%63harts", "/api/v1/charts/", "/api/v1/charts;a=b/x", "//api/v1/charts", "/api//v1/charts"})
    void cannotBeEscapedByAnotherSpelling(String path) {
        assertThat(groupOf("GET", path)).isEqualTo(RouteGroups.CHARTS);
    }

    @Test
    void doNotTakeAnEncodedSlashForASlash() {
        assertThat(groupOf("GET", "/api/v1/charts%2Fx")).isEqualTo(RouteGroups.OTHER);
    }

    @Test
    void areKnownByName() {
        assertThat(RouteGroups.isKnown("webhooks")).isTrue();
        assertThat(RouteGroups.isKnown("*")).isTrue();
        assertThat(RouteGroups.isKnown("webhook")).isFalse();
    }

    private static String groupOf(String method, String path) {
        return RouteGroups.groupOf(HttpMethod.valueOf(method), PathContainer.parsePath(path));
    }
}
