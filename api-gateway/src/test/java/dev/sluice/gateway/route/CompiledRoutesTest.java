package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

class CompiledRoutesTest {

    private static final String HOST = "h1.example.com";

    @Test
    void takesTheMostPreciseOfThoseThatFit() {
        CompiledRoutes index = CompiledRoutes.of(List.of(
                TestRoutes.route("all", "/**"),
                TestRoutes.route("users", "/users/**"),
                TestRoutes.route("user", "/users/{id}"),
                TestRoutes.route("me", "/users/me"),
                TestRoutes.onHost("suffix", "*.example.com", "/users/me"),
                TestRoutes.onHost("host", "shop.example.com", "/**")));
        assertThat(id(index, "a.test", "/users/me")).contains("me");
        assertThat(id(index, "a.test", "/users/7")).contains("user");
        assertThat(id(index, "a.test", "/users/7/orders")).contains("users");
        assertThat(id(index, "a.test", "/users")).contains("users");
        assertThat(id(index, "a.test", "/usersx")).contains("all");
        assertThat(id(index, "a.example.com", "/users/me")).contains("suffix");
        assertThat(id(index, "example.com", "/users/me")).as("no name below").contains("me");
        assertThat(id(index, "shop.example.com", "/users/me"))
                .as("the host counts before the path")
                .contains("host");
        assertThat(id(index, "a.example.com", "/users/7"))
                .as("another host takes what this one leaves")
                .contains("user");
    }

    @Test
    void aLessPreciseRouteTakesTheMethodThatAMorePreciseOneDoesNot() {
        CompiledRoutes index = CompiledRoutes.of(List.of(
                TestRoutes.route("read", "/a/b", HttpMethod.GET), TestRoutes.route("all", "/a/**", HttpMethod.PUT)));
        assertThat(find(index, "", "/a/b", HttpMethod.PUT)
                        .map(hit -> hit.route().id()))
                .contains("all");
        assertThat(find(index, "", "/a/b", HttpMethod.POST)).isEmpty();
        assertThat(index.allowedMethods("", "/a/b", new HttpHeaders()))
                .containsExactlyInAnyOrder(HttpMethod.GET, HttpMethod.PUT);
        assertThat(index.allowedMethods("", "/b", new HttpHeaders())).isEmpty();
    }

    @Test
    void tellsWhatTheVariablesStandFor() {
        CompiledRoutes index = CompiledRoutes.of(List.of(TestRoutes.route("r", "/users/{user}/orders/{order}/**")));
        assertThat(find(index, "", "/users/m%C3%BCller%20a/orders/7/lines/1", HttpMethod.GET)
                        .map(RouteHit::pathVariables))
                .contains(Map.of("user", "müller a", "order", "7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1",
                "/api/v1/keys",
                "/%61pi/v1/keys",
                "/api/%76%31/keys",
                "/schema-registry",
                "/schema-registry/subjects",
                "/actuator/health"
            })
    void noRouteGetsThePathsOfThePlatform(String path) {
        CompiledRoutes index = CompiledRoutes.of(List.of(
                TestRoutes.route("all", "/**"),
                TestRoutes.route("variables", "/{a}/{b}/**"),
                TestRoutes.onHost("host", "a.test", "/**")));
        assertThat(find(index, "a.test", path, HttpMethod.GET)).isEmpty();
        assertThat(index.allowedMethods("a.test", path, new HttpHeaders())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/v2", "/api/v10/keys", "/schema-registryx", "/actuators/health", "/API/v1"})
    void pathsThatOnlyLookLikeThePlatformsAreForRoutes(String path) {
        assertThat(id(CompiledRoutes.of(List.of(TestRoutes.route("all", "/**"))), "", path))
                .isPresent();
    }

    @Test
    void theRootIsTheConsolesUnlessTheHostIsNamed() {
        CompiledRoutes index =
                CompiledRoutes.of(List.of(TestRoutes.route("all", "/**"), TestRoutes.onHost("host", "a.test", "/")));
        assertThat(id(index, "b.test", "/")).isEmpty();
        assertThat(id(index, "a.test", "/")).contains("host");
    }

    @Test
    void aHostLongerThanAnyNameIsNobodys() {
        CompiledRoutes index = CompiledRoutes.of(List.of(TestRoutes.onHost("suffix", "*.com", "/a")));
        assertThat(id(index, "a.".repeat(100) + "com", "/a")).contains("suffix");
        assertThat(id(index, "a.".repeat(4_000) + "com", "/a")).isEmpty();
        assertThat(id(index, ".com", "/a")).isEmpty();
        assertThat(id(index, "[::1]:8080", "/a")).isEmpty();
    }

    @Test
    void tenThousandRoutesCostNoMoreThanTen() {
        int few = visits(10);
        assertThat(few).isPositive();
        assertThat(visits(10_000)).isEqualTo(few);
    }

    private static int visits(int count) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String path = switch (i % 4) {
                case 0 -> "/p" + i + "/**";
                case 1 -> "/users/{id}/p" + i;
                case 2 -> "/users/u" + i + "/orders";
                default -> "/deep/a/b/c/p" + i + "/{x}";
            };
            routes.add(i % 2 == 0 ? TestRoutes.route("r" + i, path) : TestRoutes.onHost("r" + i, HOST, path));
        }
        CompiledRoutes index = CompiledRoutes.of(routes);
        PathTrie.Visits visits = new PathTrie.Visits();
        for (String path : List.of("/p0/x", "/users/7/p1", "/users/u2/orders", "/deep/a/b/c/p3/1", "/nothing/at/all")) {
            boolean found = index.find(HOST, path, HttpMethod.GET, new HttpHeaders(), visits)
                    .isPresent();
            assertThat(found).as(path).isEqualTo(!path.startsWith("/nothing"));
        }
        return visits.nodes();
    }

    @Test
    void aRouteWithoutVariablesIsFoundWithoutMakingAnything() {
        CompiledRoutes index = CompiledRoutes.of(List.of(TestRoutes.onHost("r", HOST, "/a/b/**")));
        RouteHit first = find(index, HOST, "/a/b/c", HttpMethod.GET).orElseThrow();
        assertThat(find(index, HOST, "/a/b/d", HttpMethod.GET).orElseThrow()).isSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Beta", "X-Beta-Key"})
    void headersMustBeThereOrHaveTheValue(String name) {
        RouteMatch beta = new RouteMatch(List.of(), "/a", Set.of(), List.of(new HeaderTest(name, Optional.of("yes"))));
        CompiledRoutes index =
                CompiledRoutes.of(List.of(TestRoutes.route("stable", "/a"), TestRoutes.route("beta", beta)));
        HttpHeaders headers = new HttpHeaders();
        headers.add(name.toLowerCase(Locale.ROOT), "no");
        assertThat(index.find("", "/a", HttpMethod.GET, headers)
                        .orElseThrow()
                        .route()
                        .id())
                .isEqualTo("stable");
        headers.add(name.toLowerCase(Locale.ROOT), "yes");
        assertThat(index.find("", "/a", HttpMethod.GET, headers)
                        .orElseThrow()
                        .route()
                        .id())
                .isEqualTo("beta");
    }

    private static Optional<String> id(RouteIndex index, String host, String path) {
        return find(index, host, path, HttpMethod.GET).map(hit -> hit.route().id());
    }

    private static Optional<RouteHit> find(RouteIndex index, String host, String path, HttpMethod method) {
        return index.find(host, path, method, new HttpHeaders());
    }
}
