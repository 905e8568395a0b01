package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.address.Addresses;
import dev.sluice.gateway.ratelimit.FakeSharedLimits.Mood;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemWriter;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.test.web.reactive.server.HttpHandlerConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

class RateLimitFilterTest {

    private static final String WEBHOOKS = "/api/v1/webhooks";

    private final LimitFixture limits = new LimitFixture(
            tier(
                    "odd",
                    rule("later", LimitWindow.UNKNOWN, LimitFallback.SHARE),
                    rule("known", LimitWindow.MINUTE, LimitFallback.SHARE)),
            tier(
                    "generous",
                    new LimitRule("plan", "*", LimitWindow.DAY, 2L, 2L, LimitMode.SOFT, LimitFallback.SHARE),
                    new LimitRule("trial", "*", LimitWindow.DAY, 1L, 1L, LimitMode.SHADOW, LimitFallback.SHARE)),
            tier(
                    "batches",
                    new LimitRule("requests", "*", LimitWindow.DAY, 50L, 50L, LimitMode.ENFORCE, LimitFallback.SHARE),
                    new LimitRule(
                            "events", "events", LimitWindow.DAY, 30L, 30L, LimitMode.ENFORCE, LimitFallback.SHARE)),
            tier("strict", rule("strict", LimitWindow.DAY, LimitFallback.CLOSED)));
    private final FakeClock clock = limits.clock;
    private final FakeSharedLimits shared = limits.shared;
    private String anonymousTier = "anonymous";
    private final LimitController controller =
            new LimitController(limits.catalogue, limits.limiter, limits.checks, new StrictJson());

    @Test
    void admitsTheBurstOfTheTierAndThenSays429() {
        for (int left = 19; left >= 0; left--) {
            get("free", WEBHOOKS)
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("RateLimit-Policy", "\"rate\";q=10;w=1;sluice-burst=20")
                    .expectHeader()
                    .valueEquals("RateLimit", "\"rate\";r=" + left + ";t=1")
                    .expectHeader()
                    .valueEquals("X-RateLimit-Remaining", Integer.toString(left));
        }
        get("free", WEBHOOKS)
                .expectStatus()
                .isEqualTo(HttpStatus.TOO_MANY_REQUESTS)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectHeader()
                .valueEquals("RateLimit", "\"rate\";r=0;t=1")
                .expectHeader()
                .valueEquals("X-RateLimit-Reset", "1")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded")
                .jsonPath("$.code")
                .isEqualTo("quota_exceeded")
                .jsonPath("$.detail")
                .isEqualTo("Try again in 1 second; reached of tier free: rate.")
                .jsonPath("$.violated-policies[0]")
                .isEqualTo("rate")
                .jsonPath("$.violated-policies.length()")
                .isEqualTo(1);
        clock.advance(Duration.ofMillis(100));
        get("free", WEBHOOKS).expectStatus().isOk();
    }

    @Test
    void chargesTheQuotaOfTheGroupOfTheRoute() {
        for (int i = 0; i < 10; i++) {
            get("free", "/api/v1/readings/1").expectStatus().isOk();
        }
        get("free", "/api/v1/readings/1")
                .expectStatus()
                .isEqualTo(HttpStatus.TOO_MANY_REQUESTS)
                .expectHeader()
                .valueEquals("Retry-After", "86400")
                .expectBody()
                .jsonPath("$.violated-policies[0]")
                .isEqualTo("readings-day");
        get("free", "/api/v1/charts").expectStatus().isOk();
    }

    @Test
    void limitsAnAdministratorLikeAnyoneElse() {
        for (int i = 0; i < 20; i++) {
            get("free", "/api/v1/keys").expectStatus().isOk();
        }
        get("free", "/api/v1/keys").expectStatus().isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    }

    @Test
    void holdsCallersWithoutIdentityToTheLimitsOfTheirAddress() {
        for (int left = 199; left >= 0; left--) {
            anonymous("203.0.113.7")
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("RateLimit", "\"rate\";r=" + left + ";t=1");
        }
        anonymous("203.0.113.7")
                .expectStatus()
                .isEqualTo(HttpStatus.TOO_MANY_REQUESTS)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("Try again in 1 second; reached of tier anonymous: rate.");
        anonymous("203.0.113.8").expectStatus().isOk();
        get("free", WEBHOOKS).expectHeader().valueEquals("X-RateLimit-Remaining", "19");
    }

    @Test
    void letsCallersWithoutIdentityPassUntouchedWhenNoTierIsForThem() {
        anonymousTier = "";
        anonymous("203.0.113.7").expectStatus().isOk().expectHeader().doesNotExist("RateLimit");
        assertThat(shared.calls()).isZero();
    }

    @Test
    void holdsTheSmallestLimitsForATierThatIsNotKnown() {
        get("platinum", WEBHOOKS)
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("RateLimit-Policy", "\"rate\";q=10;w=1;sluice-burst=20");
    }

    @Test
    void passesOverRulesThatItDoesNotKnowHowToHold() {
        get("odd", WEBHOOKS).expectStatus().isOk().expectHeader().valueEquals("RateLimit-Policy", "\"known\";q=5;w=60");
    }

    @Test
    void chargesTheCostsOfTheTier() {
        get("odd", "/api/v1/events").expectHeader().valueEquals("X-RateLimit-Remaining", "2");
    }

    @Test
    void decidesAloneWhileRedisIsAway() {
        shared.turn(Mood.FAILS);
        for (int i = 0; i < 20; i++) {
            get("free", WEBHOOKS).expectStatus().isOk();
        }
        get("free", WEBHOOKS).expectStatus().isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    }

    @Test
    void refusesWithout429WhatMustNotPassUnchecked() {
        shared.turn(Mood.FAILS);
        get("strict", WEBHOOKS)
                .expectStatus()
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("temporary_reduced_capacity");
    }

    @Test
    void admitsAndCountsWhatIsOverASoftLimitAndSaysNothingOfOneInTheShadow() {
        get("generous", WEBHOOKS).expectHeader().valueEquals("RateLimit", "\"plan\";r=1;t=86400");
        get("generous", WEBHOOKS).expectStatus().isOk();
        for (int i = 0; i < 3; i++) {
            get("generous", WEBHOOKS)
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("RateLimit", "\"plan\";r=0;t=86400;sluice-over");
        }
        get("generous", "/api/v1/limits").expectBody().json("""
                {"limits": [
                  {"name": "plan", "mode": "soft", "quota": 2, "used": 5, "remaining": 0, "overage": 3},
                  {"name": "trial", "mode": "shadow", "quota": 1, "used": 1, "remaining": 0, "overage": 0}]}
                """);
    }

    @Test
    void tellsEveryLimitWithoutChargingForIt() {
        get("free", "/api/v1/charts").expectStatus().isOk();
        for (int i = 0; i < 50; i++) {
            get("free", "/api/v1/limits").expectStatus().isOk();
        }
        get("free", "/api/v1/limits")
                .expectHeader()
                .valueEquals("RateLimit", "\"rate\";r=19;t=1")
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .json("""
                        {"tenant": "acme", "tier": "free", "limits": [
                          {"name": "rate", "group": "*", "window": "second", "mode": "enforce", "quota": 10,
                           "burst": 20, "used": 1, "remaining": 19, "resetSeconds": 1},
                          {"name": "charts-day", "group": "charts", "window": "day", "mode": "enforce", "quota": 50,
                           "burst": 50, "used": 1, "remaining": 49, "resetSeconds": 86400},
                          {"name": "readings-day", "group": "readings", "window": "day", "mode": "enforce",
                           "quota": 10, "burst": 10, "used": 0, "remaining": 10, "resetSeconds": 0}]}
                        """);
    }

    @Test
    void chargesARequestOfManyThingsToTheLimitsOfItsGroup() {
        many("batches", 4)
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("RateLimit", "\"requests\";r=47;t=86400, \"events\";r=18;t=86400");
        many("batches", 7)
                .expectStatus()
                .isEqualTo(HttpStatus.TOO_MANY_REQUESTS)
                .expectHeader()
                .valueEquals("Retry-After", "86400")
                .expectBody()
                .jsonPath("$.violated-policies[0]")
                .isEqualTo("events");
    }

    @Test
    void refusesForGoodWhatNoLimitEverAdmitsAtOnce() {
        many("batches", 11)
                .expectStatus()
                .isEqualTo(HttpStatus.CONTENT_TOO_LARGE)
                .expectHeader()
                .doesNotExist("Retry-After")
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("The limit events never admits more than 10 of these at once; send less at a time.");
    }

    @Test
    void chargesNothingMoreWhereOnlyRequestsAreLimited() {
        many("free", 1_000).expectStatus().isOk().expectHeader().valueEquals("RateLimit", "\"rate\";r=19;t=1");
    }

    private ResponseSpec many(String tier, int things) {
        return client(tier)
                .get()
                .uri("/api/v1/events")
                .header("Things", Integer.toString(things))
                .exchange();
    }

    private ResponseSpec anonymous(String address) {
        return client(null).get().uri("/").header("X-Forwarded-For", address).exchange();
    }

    private ResponseSpec get(String tier, String path) {
        return client(tier).get().uri(path).exchange();
    }

    private WebTestClient client(@Nullable String tier) {
        // Behind a proxy on the same machine.
        WebFilter peer = (exchange, chain) -> chain.filter(exchange.mutate()
                .request(
                        request -> request.remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711)))
                .build());
        WebFilter identity = (exchange, chain) -> {
            if (tier != null) {
                new Identity("acme", "key-1", tier, Set.of("admin")).establish(exchange);
            }
            return chain.filter(exchange);
        };
        WebExceptionHandler problems = (exchange, error) -> error instanceof ProblemException problem
                ? new ProblemWriter().write(exchange, problem)
                : Mono.error(error);
        HttpHandler http = WebHttpHandlerBuilder.webHandler((WebHandler) this::handle)
                .filter(
                        peer,
                        identity,
                        new RateLimitFilter(limits.catalogue, limits.limiter, limits.quotas, anonymousCallers()))
                .exceptionHandler(problems)
                .build();
        return WebTestClient.bindToServer(new HttpHandlerConnector(http)).build();
    }

    /** Answers as the controller does where it stands, and with nothing elsewhere. */
    private Mono<Void> handle(ServerWebExchange exchange) {
        if (!exchange.getRequest().getPath().value().equals(LimitController.PATH)) {
            String things = exchange.getRequest().getHeaders().getFirst("Things");
            if (things != null) {
                return Mono.defer(() -> RequestCharge.more(exchange, Integer.parseInt(things) - 1))
                        .then(Mono.defer(exchange.getResponse()::setComplete));
            }
            return exchange.getResponse().setComplete();
        }
        return controller.limits(exchange).flatMap(answer -> {
            exchange.getResponse().getHeaders().putAll(answer.getHeaders());
            byte[] body = answer.getBody();
            return exchange.getResponse()
                    .writeWith(Mono.justOrEmpty(body)
                            .map(bytes -> exchange.getResponse().bufferFactory().wrap(bytes)));
        });
    }

    private AnonymousCallers anonymousCallers() {
        return new AnonymousCallers(Addresses.trusting("127.0.0.1"), anonymousTier);
    }

    private static Tier tier(String name, LimitRule... rules) {
        return new Tier(name, "A tier.", List.of(rules), Map.of("events", 3L), Instant.EPOCH, null, null);
    }

    private static LimitRule rule(String name, LimitWindow window, LimitFallback fallback) {
        return new LimitRule(name, "*", window, 5L, 5L, LimitMode.ENFORCE, fallback);
    }
}
