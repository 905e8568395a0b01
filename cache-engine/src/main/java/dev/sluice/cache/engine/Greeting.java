package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Redis says of itself in answer to {@code HELLO}.
 *
 * @param protocol from 3 on it can push
 * @param role "master" but for replicas
 */
record Greeting(long protocol, String role) {

    private static final int PUSHING = 3;
    private static final String MASTER = "master";

    /** The server speaks no protocol in which it could say anything without being asked. */
    static final class NoPushException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoPushException(long protocol) {
            super("it speaks RESP" + protocol + ", and RESP3 is needed");
        }
    }

    /** Names and what they stand for, in turn; what is not known is passed over. */
    static Greeting of(List<?> answer) {
        List<?> fields = answer.size() == 1 && answer.getFirst() instanceof List<?> nested ? nested : answer;
        Map<String, Object> known = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            known.put(text(fields.get(i)), fields.get(i + 1));
        }
        long protocol = known.get("proto") instanceof Long number ? number : 0;
        return new Greeting(protocol, text(known.getOrDefault("role", MASTER)));
    }

    /** Why nothing is to be learnt from this server. */
    Optional<RuntimeException> objection() {
        if (protocol < PUSHING) {
            return Optional.of(new NoPushException(protocol));
        }
        return role.equals(MASTER)
                ? Optional.empty()
                : Optional.of(new IllegalStateException("the server is a " + role));
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
