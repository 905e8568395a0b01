package dev.sluice.gateway.auth;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.ApiKeyText;
import dev.sluice.gateway.apikey.KeyVerdict;
import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.auth.AccessPolicy.Requirement;
import dev.sluice.gateway.route.RouteHit;
import dev.sluice.gateway.session.SessionUser;
import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.ManagementPort;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a request in whose API key may do what it asks, and makes the key's owner its identity. Decides from memory,
 * without waiting for anything.
 */
final class ApiKeyFilter implements WebFilter, Ordered {

    private static final ProblemType TOO_MANY_WRONG_KEYS =
            ProblemType.ours("too_many_wrong_keys", 429, "Too many wrong API keys");

    private static final long NANOS_TO_ROUND_UP = 999_999_999;

    private final ApiKeyTable keys;
    private final Callers callers;
    private final WrongKeyThrottle throttle;
    private final ClientAddresses addresses;
    private final InstantSource clock;

    ApiKeyFilter(
            ApiKeyTable keys,
            Callers callers,
            WrongKeyThrottle throttle,
            ClientAddresses addresses,
            InstantSource clock) {
        this.keys = keys;
        this.callers = callers;
        this.throttle = throttle;
        this.addresses = addresses;
        this.clock = clock;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (ManagementPort.serves(exchange) || SessionUser.of(exchange).isPresent()) {
            return chain.filter(exchange);
        }
        ServerHttpRequest request = exchange.getRequest();
        try {
            Requirement needed = RouteHit.of(exchange)
                    .map(hit -> AccessPolicy.of(hit.route()))
                    .orElseGet(() -> AccessPolicy.of(
                            request.getMethod(), request.getPath().pathWithinApplication()));
            if (!(needed instanceof Requirement.Open)) {
                admit(exchange, needed);
            }
        } catch (ProblemException refusal) {
            return Mono.error(refusal);
        }
        return chain.filter(exchange);
    }

    private void admit(ServerWebExchange exchange, Requirement needed) {
        ServerHttpRequest request = exchange.getRequest();
        Optional<String> presented = Credential.find(request.getHeaders(), request.getQueryParams());
        if (presented.isEmpty()) {
            throw missing();
        }
        KeyVerdict.Accepted key = verify(presented.get(), request);
        callers.establish(exchange, key.tenant(), key.id(), key.scopes());
        switch (needed) {
            case Requirement.Scope scope -> requireScope(key, scope.name());
            case Requirement.AllScopes scopes ->
                scopes.names().stream().sorted().forEach(name -> requireScope(key, name));
            case Requirement.Open ignored -> {}
            case Requirement.AnyKey ignored -> {}
        }
    }

    private static void requireScope(KeyVerdict.Accepted key, String scope) {
        if (!key.scopes().contains(scope) && !key.scopes().contains(Scopes.ADMIN)) {
            throw new ProblemException(
                            ProblemType.FORBIDDEN,
                            "Use an API key with the scope " + scope + "; this one does not have it.")
                    .withExtension("scope", scope);
        }
    }

    private KeyVerdict.Accepted verify(String presented, ServerHttpRequest request) {
        // A text that is no key is refused without a look at the keys.
        ApiKeyText text = ApiKeyText.parse(presented).orElseThrow(() -> refused(request));
        return switch (keys.verify(text, clock.instant())) {
            case KeyVerdict.Accepted accepted -> accepted;
            case KeyVerdict.Refused ignored -> throw refused(request);
            case KeyVerdict.Loading ignored -> throw TableWrites.loading("API keys");
        };
    }

    private static ProblemException missing() {
        return new ProblemException(
                        ProblemType.UNAUTHENTICATED, "Send an API key as Authorization: Bearer <key> or as X-API-Key.")
                .withField(HttpHeaders.AUTHORIZATION)
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"");
    }

    /** One answer for all keys that are not valid, whatever the reason: a stranger learns nothing from it. */
    private ProblemException refused(ServerHttpRequest request) {
        return addresses
                .networkOf(request)
                .flatMap(throttle::wrongKeyFrom)
                .map(ApiKeyFilter::throttled)
                .orElseGet(() -> new ProblemException(
                                ProblemType.UNAUTHENTICATED,
                                "The API key is mistyped, unknown, expired or revoked; send a valid one.")
                        .withField(HttpHeaders.AUTHORIZATION)
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\", error=\"invalid_token\""));
    }

    private static ProblemException throttled(Duration wait) {
        long seconds = wait.plusNanos(NANOS_TO_ROUND_UP).toSeconds();
        return new ProblemException(
                        TOO_MANY_WRONG_KEYS,
                        "Stop and check the API key: too many wrong ones came from your address. Valid ones still work.")
                .withField(HttpHeaders.AUTHORIZATION)
                .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    @Override
    public int getOrder() {
        return FilterOrder.AUTHENTICATION;
    }
}
