package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.gateway.responsecache.Storability.Asker;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.gateway.session.SessionUser;
import dev.sluice.platform.web.Identity;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.springframework.web.server.ServerWebExchange;

/**
 * Under what the answers for a URL are kept.
 *
 * @param tenant whose they are in the cache; {@link #EVERYBODY} for all
 * @param sharer who may get them, of the tenant; empty for all of it
 * @param origin scheme and host
 * @param target path and query
 */
record AnswerKey(String tenant, String sharer, String origin, String target) {

    /** No tenant can be named so. */
    static final String EVERYBODY = "@all";

    /** No namespace of cache-service can be named so, or its tenants could read and write what is kept here. */
    private static final String NAMESPACE = "@responses";

    private static final String GROUP = "group:";

    static AnswerKey of(OriginCall call, Share share) {
        ServerWebExchange exchange = call.exchange();
        String origin = call.scheme() + "://" + call.host().toLowerCase(Locale.ROOT);
        return switch (share) {
            case ALL -> new AnswerKey(EVERYBODY, "", origin, call.target());
            case TENANT -> new AnswerKey(Identity.of(exchange).tenant(), "", origin, call.target());
            case KEY -> new AnswerKey(Identity.of(exchange).tenant(), sharerOf(exchange), origin, call.target());
        };
    }

    private static String sharerOf(ServerWebExchange exchange) {
        return SessionUser.of(exchange)
                .map(user -> "user " + user.user())
                .orElseGet(() -> "key " + Identity.of(exchange).keyId());
    }

    /**
     * Whether the upstream learns of the caller what those with the same key do not share.
     *
     * @param upstream what the upstream is told
     */
    static Asker askerOf(HttpHeaders upstream, Share share) {
        boolean told = switch (share) {
            case ALL ->
                upstream.contains("X-Sluice-Tenant")
                        || upstream.contains("X-Sluice-Key-Id")
                        || upstream.contains("X-Sluice-User");
            case TENANT -> upstream.contains("X-Sluice-Key-Id") || upstream.contains("X-Sluice-User");
            // Behind one key there may be many people.
            case KEY -> upstream.contains("Cookie");
        };
        return told || upstream.contains("Authorization") ? Asker.SOMEBODY : Asker.ANYBODY;
    }

    AnswerKey withTarget(String other) {
        return new AnswerKey(tenant, sharer, origin, other);
    }

    CacheKey primary() {
        return named("answer\n" + origin + '\n' + target);
    }

    CacheKey variant(long generation, String values) {
        return named("variant\n" + origin + '\n' + target + '\n' + generation + '\n' + values);
    }

    /** Of the time at which a group of answers was invalidated. */
    CacheKey group(String name) {
        return named(GROUP, "group\n" + origin + '\n' + name);
    }

    /** Whether that is what a group is kept under, and not an answer. */
    static boolean isGroup(CacheKey key) {
        return key.key().startsWith(GROUP);
    }

    private CacheKey named(String text) {
        return named("", text);
    }

    private CacheKey named(String prefix, String text) {
        return new CacheKey(tenant, NAMESPACE, prefix + hash(sharer.length() + ":" + sharer + '\n' + text));
    }

    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
