package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpMethod;

class RouteFileTest {

    @Test
    void readsEveryField() {
        Route route = parse("""
                routes:
                  - id: shop
                    match:
                      hosts: [shop.example.com, "*.shop.example.com"]
                      path: /shop/{area}/**
                      methods: [GET, POST]
                      headers:
                        - {name: X-Version, value: "2"}
                        - {name: X-Beta}
                    targets:
                      - {url: "http://10.0.0.1:3000", weight: 3}
                      - {url: "https://shop.internal"}
                    rewrite: {strip-prefix: /shop, add-prefix: /v2, host: caller}
                    request-headers: {set: {X-Set: a}, add: {X-Add: b}, remove: [Cookie]}
                    response-headers: {remove: [Server]}
                    timeouts: {connect: 1s, first-byte: 250ms, idle: 1m, total: 1h}
                    retry: {attempts: 3, on-status: [503], backoff: 10ms}
                    breaker: {failure-ratio: 0.25, minimum-calls: 5, open-for: 3s}
                    health: {path: /health, interval: 5s, timeout: 1s, unhealthy-after: 2, healthy-after: 1}
                    limit-group: routes
                    cost: 5
                    scopes: ["metrics:read"]
                    identity: headers
                    max-connections: 7
                    max-body-bytes: 1000
                    cache:
                      share: all
                      set-cookie: keep
                      default-ttl: 5s
                      max-ttl: 1h
                      stale-while-revalidate: 1m
                      stale-if-error: 2m
                      max-body-bytes: 2000
                """).get("shop");
        assertThat(route)
                .isEqualTo(new Route(
                        "shop",
                        new RouteMatch(
                                List.of("shop.example.com", "*.shop.example.com"),
                                "/shop/{area}/**",
                                Set.of(HttpMethod.GET, HttpMethod.POST),
                                List.of(
                                        new HeaderTest("X-Version", Optional.of("2")),
                                        new HeaderTest("X-Beta", Optional.empty()))),
                        List.of(
                                new Target(URI.create("http://10.0.0.1:3000"), 3),
                                new Target(URI.create("https://shop.internal"), 1)),
                        new Rewrite(Optional.of("/shop"), Optional.of("/v2"), Rewrite.HostHeader.CALLER),
                        new HeaderEdits(Map.of("X-Set", "a"), Map.of("X-Add", "b"), Set.of("Cookie")),
                        new HeaderEdits(Map.of(), Map.of(), Set.of("Server")),
                        new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofMillis(250),
                                Duration.ofMinutes(1),
                                Duration.ofHours(1)),
                        new RetryRule(3, Set.of(503), Duration.ofMillis(10)),
                        new BreakerRule(0.25, 5, Duration.ofSeconds(3)),
                        new HealthCheck(Optional.of("/health"), Duration.ofSeconds(5), Duration.ofSeconds(1), 2, 1),
                        "routes",
                        5,
                        Access.KEY,
                        Set.of("metrics:read"),
                        CallerIdentity.HEADERS,
                        7,
                        1_000,
                        Optional.of(new CachePolicy(
                                CachePolicy.Share.ALL,
                                CachePolicy.SetCookie.KEEP,
                                Duration.ofSeconds(5),
                                Duration.ofHours(1),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(2),
                                2_000))));
    }

    @Test
    void whatIsLeftOutIsUsual() {
        assertThat(parse("""
                routes:
                  - {id: a, match: {path: /a}, targets: [{url: "http://127.0.0.1:3000"}]}
                """)).containsExactly(Map.entry("a", TestRoutes.route("a", "/a")));
        assertThat(parse("routes: []")).isEmpty();
    }

    @Test
    void tellsEveryFaultAtOnceWithItsPath() {
        assertThatThrownBy(() -> parse("""
                routes:
                  - id: a
                    match: {path: /api/v1/events}
                    targets: [{url: "ftp://x"}, {url: "http://x", weight: -1}, {weight: 1}]
                    timeouts: {first-byte: 5}
                    tiemouts: {}
                  - {id: b, match: {path: /b}, targets: [{url: "http://x"}]}
                  - {id: b, match: {path: /c}, targets: [{url: "http://x"}]}
                  - {id: d, match: {path: "/b"}, targets: [{url: "http://x"}]}
                  - {match: {path: /e}, targets: [{url: "http://x"}], request-headers: {set: {Host: x}}}
                  - just a text
                """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("routes[0].match.path must not be under /api/v1")
                .hasMessageContaining("routes[0].targets[0].url must be http or https")
                .hasMessageContaining("routes[0].targets[1].weight must be a whole number from 0 to 1000")
                .hasMessageContaining("routes[0].targets[2].url is missing; add it")
                .hasMessageContaining("routes[0].timeouts.first-byte must be a whole number with ms, s, m or h")
                .hasMessageContaining("routes[0].tiemouts is not known here; leave it out")
                .hasMessageContaining("routes[2].id is taken by another route: b")
                .hasMessageContaining("routes[3].match must not be for requests that route b has already")
                .hasMessageContaining("routes[4].id is missing")
                .hasMessageContaining("routes[4].request-headers.set.Host must not be edited")
                .hasMessageContaining("routes[5]");
    }

    @Test
    void refusesWhatIsNoListOfRoutes() {
        for (String yaml :
                List.of("", "routes", "routes: {}", "[]", "routes: []\nother: 1", "routes: [}", "a: 1\na: 2")) {
            assertThatThrownBy(() -> parse(yaml))
                    .as(yaml)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the file of routes");
        }
    }

    @Test
    void refusesAFileThatIsNotThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("routes.yaml");
        assertThatThrownBy(() -> RouteFile.read(file, name -> null)).hasMessageContaining("sluice.gateway.routes.file");
        Files.writeString(file, "routes: []");
        assertThat(RouteFile.read(file, name -> null)).isEmpty();
    }

    @Test
    void headersReferToTheEnvironment() {
        String yaml = """
                routes:
                  - id: shop
                    match: {path: /shop, headers: [{name: X-Key, value: "${ZONE}-1"}, {name: X-Zone}]}
                    targets: [{url: "http://127.0.0.1:3000"}]
                    request-headers:
                      set: {Authorization: "Bearer ${SHOP_TOKEN}", X-Price: "$5 {all}"}
                      add: {X-Zone: "${ZONE}"}
                """;
        Map<String, String> variables = Map.of("SHOP_TOKEN", "a$1\\b", "ZONE", "north");
        Route route = RouteFile.parse(yaml, variables::get).values().iterator().next();
        HeaderEdits edits = route.requestHeaders();
        assertThat(route.match().headers())
                .containsExactly(
                        new HeaderTest("X-Key", Optional.of("north-1")), new HeaderTest("X-Zone", Optional.empty()));
        assertThat(edits.set()).isEqualTo(Map.of("Authorization", "Bearer a$1\\b", "X-Price", "$5 {all}"));
        assertThat(edits.add()).isEqualTo(Map.of("X-Zone", "north"));
        assertThatThrownBy(() -> RouteFile.parse(yaml, Map.of("ZONE", "a\nb")::get))
                .hasMessageContaining("routes[0].request-headers.set.Authorization refers to the environment variable"
                        + " SHOP_TOKEN, which is not set")
                .hasMessageContaining("routes[0].request-headers.add.X-Zone must be");
    }

    private static Map<String, Route> parse(String yaml) {
        return RouteFile.parse(yaml, name -> null);
    }
}
