package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.kafka.seal.SealingKey;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.HttpMethod;

/** Routes for tests. */
final class TestRoutes {

    static final URI URL = URI.create("http://127.0.0.1:3000");

    private TestRoutes() {}

    /** With a keyring of a key that is all zero. */
    static RouteRecords records() {
        return new RouteRecords(new Keyring(
                Map.of("zero", new SecretKeySpec(new byte[SealingKey.BYTES], "AES")), new Random(1)));
    }

    /** For any method and host. */
    static Route route(String id, String path) {
        return route(id, new RouteMatch(List.of(), path, Set.of(), List.of()));
    }

    static Route route(String id, String path, HttpMethod... methods) {
        return route(id, new RouteMatch(List.of(), path, Set.of(methods), List.of()));
    }

    static Route onHost(String id, String host, String path) {
        return route(id, new RouteMatch(List.of(host), path, Set.of(), List.of()));
    }

    static Route route(String id, RouteMatch match) {
        return new Route(
                id,
                match,
                List.of(new Target(URL, 1)),
                Rewrite.NONE,
                HeaderEdits.NONE,
                HeaderEdits.NONE,
                Timeouts.USUAL,
                RetryRule.USUAL,
                BreakerRule.USUAL,
                HealthCheck.NONE,
                Route.USUAL_LIMIT_GROUP,
                1,
                Access.KEY,
                Set.of(),
                CallerIdentity.NONE,
                Route.USUAL_MAX_CONNECTIONS,
                Route.USUAL_MAX_BODY_BYTES,
                Optional.empty());
    }

    static Map<String, Object> document(String path) {
        return Map.of("match", Map.of("path", path), "targets", List.of(Map.of("url", URL.toString())));
    }
}
