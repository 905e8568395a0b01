package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.table.JsonTree;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.RouteAccess;
import dev.sluice.record.RouteConfig;
import dev.sluice.record.RouteHeaderTest;
import dev.sluice.record.RouteHost;
import dev.sluice.record.SealedHeaderValue;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.RecordEncoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;

class RouteRecordsTest {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<RouteConfig> _ = RecordDecoder.of(RouteConfig.class);
    }

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    private static final RouteRecords RECORDS = TestRoutes.records();
    private static final String TOKEN = "Bearer k3-Zr8-hidden-from-all";

    private static final List<HeaderTest> TESTS = List.of(
            new HeaderTest("Authorization", Optional.of(TOKEN)),
            new HeaderTest("X-Shop-Key", Optional.of("k-1234")),
            new HeaderTest("X-Plain", Optional.of("seen")),
            new HeaderTest("X-Token", Optional.empty()),
            new HeaderTest("X-Extra", Optional.of(TOKEN)));

    private static final Route FULL = new Route(
            "shop",
            new RouteMatch(
                    List.of("shop.example.com"),
                    "/shop/{id}",
                    Set.of(HttpMethod.GET, HttpMethod.PUT),
                    List.of(new HeaderTest("X-A", Optional.of("1")), new HeaderTest("X-B", Optional.empty()))),
            List.of(new Target(URI.create("https://a.test:8443"), 2), new Target(URI.create("http://b.test"), 0)),
            new Rewrite(Optional.of("/shop"), Optional.of("/v2"), Rewrite.HostHeader.CALLER),
            new HeaderEdits(Map.of("X-S", "s"), Map.of("X-T", "t"), Set.of("Cookie")),
            new HeaderEdits(Map.of("X-U", "u"), Map.of(), Set.of("Server", "Via")),
            new Timeouts(Duration.ofMillis(1), Duration.ofSeconds(90), Duration.ofMinutes(2), Duration.ofHours(3)),
            new RetryRule(4, Set.of(500, 429), Duration.ofMillis(7)),
            new BreakerRule(0.125, 9, Duration.ofSeconds(5)),
            new HealthCheck(Optional.of("/health"), Duration.ofSeconds(3), Duration.ofMillis(500), 5, 6),
            "routes",
            3,
            Access.SESSION,
            Set.of(),
            CallerIdentity.HEADERS,
            11,
            12,
            Optional.of(new CachePolicy(
                    CachePolicy.Share.KEY,
                    CachePolicy.SetCookie.STRIP,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(3),
                    Duration.ofHours(4),
                    5)));

    @Test
    void aRouteComesBackFromTheLogAsItWas() {
        for (Route route : List.of(FULL, TestRoutes.route("a", "/a"))) {
            byte[] bytes = RecordEncoder.of(RouteConfig.class).encode(RECORDS.write(route, NOW));
            RouteConfig read = RecordDecoder.of(RouteConfig.class).decode(bytes);
            assertThat(RECORDS.read(route.id(), read)).isEqualTo(route);
            assertThat(read.getUpdatedAt()).isEqualTo(NOW);
        }
    }

    @Test
    void aRouteThatTheApiShowsCanBeSentBack() {
        StrictJson json = new StrictJson();
        byte[] shown = json.write(
                RouteView.of(new RouteEntry(FULL, 7, Optional.of(NOW))).route());
        RouteReader.Reading read = RouteReader.read("shop", JsonTree.of(json.readTree(shown)), Spelling.CAMEL_CASE);
        assertThat(read.faults()).isEmpty();
        assertThat(read.route()).isEqualTo(FULL);
    }

    @Test
    void refusesARecordThatIsNoRoute() {
        RouteConfig good = RECORDS.write(FULL, NOW);
        assertThatThrownBy(() -> RECORDS.read("other", good)).hasMessageContaining("id must be the key");
        assertThatThrownBy(() -> RECORDS.read("shop", change(good).setCost(-1).build()))
                .hasMessageContaining("cost must be");
        assertThatThrownBy(() -> RECORDS.read(
                        "shop", change(good).setHost(RouteHost.UNKNOWN).build()))
                .hasMessageContaining("rewrite.host");
        assertThatThrownBy(() -> RECORDS.read(
                        "shop", change(good).setAccess(RouteAccess.UNKNOWN).build()))
                .hasMessageContaining("access is not known");
    }

    @Test
    void credentialsStandOnTheLogSealed() {
        HeaderEdits edits = new HeaderEdits(
                Map.of("Authorization", TOKEN, "X-Shop-Key", "k-1234", "X-Plain", "seen"),
                Map.of("X-Extra", TOKEN),
                Set.of());
        Route route = FULL.withRequestHeaders(edits);
        byte[] bytes = RecordEncoder.of(RouteConfig.class).encode(RECORDS.write(route, NOW));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .contains("seen")
                .doesNotContain("hidden")
                .doesNotContain("k-1234");
        RouteConfig config = RecordDecoder.of(RouteConfig.class).decode(bytes);
        assertThat(RECORDS.read("shop", config)).isEqualTo(route);
        assertThat(route.toString()).doesNotContain("hidden");
    }

    @Test
    void credentialsThatRequestsMustHaveStandOnTheLogSealed() {
        Route route = FULL.withMatch(FULL.match().withHeaders(TESTS));
        byte[] bytes = RecordEncoder.of(RouteConfig.class).encode(RECORDS.write(route, NOW));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .contains("seen")
                .doesNotContain("hidden")
                .doesNotContain("k-1234");
        RouteConfig config = RecordDecoder.of(RouteConfig.class).decode(bytes);
        assertThat(RECORDS.read("shop", config)).isEqualTo(route);
        assertThat(route.toString()).doesNotContain("hidden", "k-1234");
        RouteConfig other = RouteConfig.newBuilder(config).setId("other").build();
        assertThatThrownBy(() -> RECORDS.read("other", other))
                .hasMessage("match.headers.Authorization cannot be opened: cannot apply the key");
    }

    @Test
    void aReaderThatKnowsNoSealedTestsFindsAValueThatNobodySends() {
        Route route = FULL.withMatch(FULL.match().withHeaders(TESTS));
        assertThat(RECORDS.write(route, NOW).getHeaders())
                .filteredOn(test -> test.getSealedValue() != null)
                .hasSize(3)
                .extracting(RouteHeaderTest::getValue)
                .allSatisfy(value -> assertThat(value).hasSizeGreaterThan(20));
    }

    @Test
    void aCredentialThatRequestsMustHaveIsMaskedAndComesBackByItsMask() {
        List<HeaderTest> shown = SecretHeaders.mask(TESTS);
        assertThat(shown)
                .extracting(test -> test.value().orElse("none"))
                .containsExactly("***", "***", "seen", "none", "***");
        Faults faults = new Faults();
        assertThat(SecretHeaders.unmask("match.headers", shown, TESTS, faults)).isEqualTo(TESTS);
        assertThat(faults.isEmpty()).isTrue();
        SecretHeaders.unmask("match.headers", shown, TESTS.subList(0, 1), faults);
        assertThat(faults.all()).extracting(RouteFault::field).containsExactly("match.headers[1].value");
    }

    @Test
    void aSealedCredentialOpensOnItsOwnRouteAndHeaderAlone() {
        RouteConfig config = RECORDS.write(
                FULL.withRequestHeaders(new HeaderEdits(Map.of("Authorization", TOKEN), Map.of(), Set.of())), NOW);
        RouteConfig other = RouteConfig.newBuilder(config).setId("other").build();
        assertThatThrownBy(() -> RECORDS.read("other", other))
                .hasMessage("requestHeaders.set.Authorization cannot be opened: cannot apply the key");
        Map<String, SealedHeaderValue> sealed = config.getRequestHeaders().getSealedSet();
        sealed.put("X-Token", sealed.remove("Authorization"));
        assertThatThrownBy(() -> RECORDS.read("shop", config)).hasMessageContaining("X-Token cannot be opened");
    }

    @Test
    void aCredentialIsMaskedAndComesBackByItsMask() {
        HeaderEdits known = new HeaderEdits(
                Map.of("Authorization", TOKEN, "X-Plain", "seen"), Map.of("X-Extra", TOKEN), Set.of("Cookie"));
        HeaderEdits shown = SecretHeaders.mask(known);
        assertThat(shown.set()).isEqualTo(Map.of("Authorization", "***", "X-Plain", "seen"));
        assertThat(shown.add()).isEqualTo(Map.of("X-Extra", "***"));
        Faults faults = new Faults();
        assertThat(SecretHeaders.unmask("requestHeaders", shown, known, faults)).isEqualTo(known);
        assertThat(faults.isEmpty()).isTrue();
        SecretHeaders.unmask("requestHeaders", shown, HeaderEdits.NONE, faults);
        assertThat(faults.all()).extracting(RouteFault::field).containsExactly("requestHeaders.set.Authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, x, true",
        "proxy-authorization, x, true",
        "Cookie, a=b, true",
        "X-API-Key, x, true",
        "X-ApiKey, x, true",
        "Shop.Token, x, true",
        "client_secret, x, true",
        "X-Auth, x, true",
        "X-Version, 2, false",
        "X-Keyboard, qwerty, false",
        "X-Author, jo, false",
        "X-Plain, Basic dTpw, true",
        "X-Plain, bearer abc, true",
        "X-Plain, slk_live_abcdefgh, true",
        "X-Plain, whsec_AAAAAAAA, true",
        "X-Plain, basic, false"
    })
    void aCredentialIsKnownByItsNameOrItsLook(String name, String value, boolean isSecret) {
        assertThat(SecretHeaders.isSecret(name, value)).isEqualTo(isSecret);
    }

    private static RouteConfig.Builder change(RouteConfig config) {
        return RouteConfig.newBuilder(config);
    }
}
