package dev.sluice.platform.web;

import org.springframework.web.server.ServerWebExchange;

/** Whether an answer gets the headers that keep a browser safe. */
public final class SecurityHeaders {

    private static final String LEFT = SecurityHeaders.class.getName();

    private SecurityHeaders() {}

    /** Leaves them to somebody else, whose answer is passed on: for a page of theirs they would be wrong. */
    public static void leaveTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(LEFT, true);
    }

    /** The answer is ours after all. */
    public static void takeBack(ServerWebExchange exchange) {
        exchange.getAttributes().remove(LEFT);
    }

    static boolean areLeft(ServerWebExchange exchange) {
        return exchange.getAttributes().containsKey(LEFT);
    }
}
