package dev.sluice.platform.web;

import org.springframework.web.server.ServerWebExchange;

/** Marks requests whose body is somebody else's: it is passed on as it comes, within bounds that whoever does so sets. */
public final class PassedOnBody {

    private static final String ATTRIBUTE = PassedOnBody.class.getName();

    private PassedOnBody() {}

    /** Before {@link FilterOrder#BODY}. */
    public static void mark(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, true);
    }

    static boolean isIn(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) != null;
    }
}
