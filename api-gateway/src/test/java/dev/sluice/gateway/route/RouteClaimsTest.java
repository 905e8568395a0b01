package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

class RouteClaimsTest {

    private final RouteClaims claims = new RouteClaims();

    @Test
    void refusesARouteThatAnotherWouldHide() {
        assertThat(claims.add(TestRoutes.route("a", "/users/{id}"))).isEmpty();
        assertThat(claims.add(TestRoutes.route("b", "/users/{name}")))
                .hasValueSatisfying(fault -> assertThat(fault.detail()).contains("route a has already"));
        assertThat(claims.add(TestRoutes.route("c", "/users/{name}/**"))).isEmpty();
        assertThat(claims.add(TestRoutes.onHost("d", "a.test", "/users/{name}")))
                .isEmpty();
        assertThat(claims.add(TestRoutes.route("a", "/users/{id}")))
                .as("itself")
                .isEmpty();
    }

    @Test
    void methodsAndHeadersTellRoutesApart() {
        assertThat(claims.add(TestRoutes.route("any", "/a"))).isEmpty();
        assertThat(claims.add(TestRoutes.route("get", "/a", HttpMethod.GET))).isEmpty();
        assertThat(claims.add(TestRoutes.route("post", "/a", HttpMethod.POST, HttpMethod.PUT)))
                .isEmpty();
        assertThat(claims.add(TestRoutes.route("put", "/a", HttpMethod.PUT, HttpMethod.PATCH)))
                .isPresent();
        assertThat(claims.add(withHeader("beta", "X-Beta"))).isEmpty();
        assertThat(claims.add(withHeader("beta2", "x-beta"))).isPresent();
    }

    @Test
    void soManyAlikeAsWouldSlowDownARequestAreRefused() {
        for (int i = 0; i < 64; i++) {
            assertThat(claims.add(withHeader("r" + i, "X-" + i))).isEmpty();
        }
        assertThat(claims.add(withHeader("more", "X-More"))).isPresent();
    }

    private static Route withHeader(String id, String name) {
        return TestRoutes.route(
                id, new RouteMatch(List.of(), "/a", Set.of(), List.of(new HeaderTest(name, Optional.empty()))));
    }
}
