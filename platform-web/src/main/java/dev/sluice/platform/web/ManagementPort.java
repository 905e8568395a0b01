package dev.sluice.platform.web;

import org.springframework.context.ApplicationContext;
import org.springframework.web.server.ServerWebExchange;

/**
 * The operator's port. Spring Boot serves it from a child of the application's context and lets every filter of the
 * parent run there too, so filters that ask who is calling have to let it pass: health and metrics carry no key.
 */
public final class ManagementPort {

    private ManagementPort() {}

    /** Whether the request came in on the management port and not on the one of the API. */
    public static boolean serves(ServerWebExchange exchange) {
        ApplicationContext context = exchange.getApplicationContext();
        return context != null && context.getParent() != null;
    }
}
