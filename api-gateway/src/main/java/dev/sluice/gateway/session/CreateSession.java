package dev.sluice.gateway.session;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for a new session.
 *
 * @param user what the tenant calls its user: 1 to 128 visible ASCII characters
 * @param attributes what the tenant wants to find with the session: an object; empty when left out
 * @param idleSeconds how long it may go unused
 * @param lifeSeconds when it is over in any case
 */
record CreateSession(
        String user,
        @Nullable JsonNode attributes,
        @Nullable Long idleSeconds,
        @Nullable Long lifeSeconds) {

    private static final int MAX_USER = 128;

    SessionStore.Draft draft(String tenant, SessionProperties properties) {
        checkUser(user);
        Duration life =
                lifeSeconds == null ? properties.life() : seconds("lifeSeconds", lifeSeconds, properties.maxLife());
        Duration idle =
                idleSeconds == null ? shorter(properties.idle(), life) : seconds("idleSeconds", idleSeconds, life);
        return new SessionStore.Draft(tenant, user, idle, life, textOf(properties));
    }

    /** It stands in a header of requests to upstreams, and in addresses. */
    static void checkUser(String user) {
        boolean visible = user.chars().allMatch(c -> c > ' ' && c <= '~');
        if (user.isEmpty() || user.length() > MAX_USER || !visible) {
            throw invalid("user", "Send 1 to " + MAX_USER + " visible ASCII characters without spaces.");
        }
    }

    private String textOf(SessionProperties properties) {
        if (attributes == null) {
            return "{}";
        }
        if (!attributes.isObject()) {
            throw ProblemException.ofField(ProblemType.WRONG_TYPE, "attributes", "Send an object, or leave it out.");
        }
        String text = attributes.toString();
        long most = properties.maxAttributes().toBytes();
        if (text.getBytes(StandardCharsets.UTF_8).length > most) {
            throw invalid("attributes", "Send at most " + most + " bytes of attributes.");
        }
        return text;
    }

    private static Duration seconds(String field, long value, Duration most) {
        if (value < 1 || value > most.toSeconds()) {
            throw ProblemException.ofField(
                    ProblemType.NUMBER_OUT_OF_RANGE, field, "Send 1 to " + most.toSeconds() + " seconds.");
        }
        return Duration.ofSeconds(value);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
