package dev.sluice.gateway.session;

import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The sessions of the caller's tenant; those of others are not there. */
@RestController
@RequestMapping(path = "/api/v1/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
final class SessionController {

    private static final String USER = "user";

    private final SessionStore sessions;
    private final SessionProperties properties;
    private final AuditPublisher audit;
    private final StrictJson json;
    private final SessionTokens tokens;

    SessionController(
            SessionStore sessions,
            SessionProperties properties,
            AuditPublisher audit,
            StrictJson json,
            SessionTokens tokens) {
        this.sessions = sessions;
        this.properties = properties;
        this.audit = audit;
        this.json = json;
        this.tokens = tokens;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        String tenant = Identity.of(exchange).tenant();
        SessionStore.Draft draft = read(body, CreateSession.class).draft(tenant, properties);
        SessionToken token = tokens.next(tenant, draft.user());
        return sessions.create(token, draft).map(made -> {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("token", token.text());
            answer.put("session", SessionView.of(made.session()));
            answer.put("ended", made.ended().stream().map(SessionId::text).toList());
            return answer(
                    ResponseEntity.created(
                            URI.create("/api/v1/sessions/" + token.id().text())),
                    answer);
        });
    }

    /** As RFC 7662: a token that is none, is over or is another tenant's is not active, and nothing more is said. */
    @PostMapping(path = "/introspect", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> introspect(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        Identity caller = Identity.of(exchange);
        IntrospectSession question = read(body, IntrospectSession.class);
        boolean touches = Boolean.TRUE.equals(question.touch());
        if (touches) {
            requireWrite(caller);
        }
        return Mono.justOrEmpty(SessionToken.parse(question.token()))
                .flatMap(token ->
                        touches ? sessions.use(caller.tenant(), token) : sessions.inspect(caller.tenant(), token))
                .map(session -> Map.of("active", true, "session", SessionView.of(session)))
                .defaultIfEmpty(Map.of("active", false))
                .map(answer -> answer(ResponseEntity.ok(), answer));
    }

    @PostMapping("/{id}/touch")
    Mono<ResponseEntity<byte[]>> touch(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return named(id)
                .flatMap(session -> sessions.touch(Identity.of(exchange).tenant(), session))
                .switchIfEmpty(Mono.error(SessionController::notFound))
                .map(this::shown);
    }

    @GetMapping("/{id}")
    Mono<ResponseEntity<byte[]>> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return named(id)
                .flatMap(session -> sessions.find(Identity.of(exchange).tenant(), session))
                .switchIfEmpty(Mono.error(SessionController::notFound))
                .map(this::shown);
    }

    @GetMapping
    Mono<ResponseEntity<byte[]>> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(USER, "limit", "cursor");
        String user = userOf(query);
        int limit = Page.limit(query);
        String after = Page.cursor(query);
        return sessions.list(Identity.of(exchange).tenant(), user).map(all -> {
            List<Session> oneMore = all.stream()
                    .filter(session -> session.id().text().compareTo(after) > 0)
                    .limit(limit + 1L)
                    .toList();
            Object page = Page.of(oneMore, limit, session -> session.id().text(), SessionView::of);
            return answer(ResponseEntity.ok(), page);
        });
    }

    @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<byte[]>> revoke(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return named(id)
                .flatMap(session -> sessions.revoke(Identity.of(exchange).tenant(), session))
                .switchIfEmpty(Mono.error(SessionController::notFound))
                .flatMap(ended -> audited(exchange, "session.revoke", "session/" + id))
                .thenReturn(ResponseEntity.noContent().build());
    }

    @DeleteMapping
    Mono<ResponseEntity<byte[]>> revokeAll(ServerWebExchange exchange) {
        String user = userOf(StrictQuery.of(exchange.getRequest()).only(USER));
        return sessions.revokeAll(Identity.of(exchange).tenant(), user)
                .flatMap(ended ->
                        audited(exchange, "session.revoke-all", "user/" + user).thenReturn(ended))
                .map(ended -> answer(ResponseEntity.ok(), Map.of("revoked", ended.size())));
    }

    /** That a user logs out is no news; what an administrator ends is. */
    private Mono<Void> audited(ServerWebExchange exchange, String action, String resource) {
        Identity caller = Identity.of(exchange);
        return caller.scopes().contains(Scopes.ADMIN)
                ? audit.record(exchange, caller.tenant(), action, resource)
                : Mono.empty();
    }

    /** Empty for a text that is no id: it is answered as one that is unknown. */
    private static Mono<SessionId> named(String id) {
        return Mono.justOrEmpty(SessionId.parse(id));
    }

    private static String userOf(StrictQuery query) {
        String user = query.text(USER)
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemType.INVALID_PARAMETER, USER, "Say whose sessions: send the parameter user."));
        CreateSession.checkUser(user);
        return user;
    }

    private static void requireWrite(Identity caller) {
        if (!caller.scopes().contains(Scopes.SESSIONS_WRITE) && !caller.scopes().contains(Scopes.ADMIN)) {
            throw new ProblemException(
                            ProblemType.FORBIDDEN,
                            "Leave touch out, or use an API key with the scope " + Scopes.SESSIONS_WRITE + ".")
                    .withExtension("scope", Scopes.SESSIONS_WRITE);
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such session, or it is over.");
    }

    private <T> T read(byte @Nullable [] body, Class<T> type) {
        return json.read(body == null ? new byte[0] : body, type);
    }

    private ResponseEntity<byte[]> shown(Session session) {
        return answer(ResponseEntity.ok(), SessionView.of(session));
    }

    private ResponseEntity<byte[]> answer(BodyBuilder builder, Object view) {
        return builder.contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(json.write(view));
    }
}
