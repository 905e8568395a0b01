package dev.sluice.gateway.express;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutedRequestsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/shop?x=1", "/shop/../b", "/api/v10/x", "/apis"})
    void takesWhatRoutesMayHave(String target) {
        assertThat(RoutedRequests.mayBeRouted(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?a=b",
                "/api/v1",
                "/api/v1?a=b",
                "/api/v1/events",
                "/schema-registry/subjects",
                "/actuator/health"
            })
    void leavesThePlatformsOwn(String target) {
        assertThat(RoutedRequests.mayBeRouted(target)).isFalse();
    }
}
