package dev.sluice.gateway.forward;

import org.springframework.util.unit.DataSize;

/**
 * One prefix of paths and the service that answers them.
 *
 * @param prefix whole segments, such as {@code /api/v1/webhooks}; the path itself and all below it belong to the route
 * @param maxBody the largest request body
 */
record InternalRoute(String prefix, InternalService service, DataSize maxBody) {

    InternalRoute {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix must begin with a slash and end without one: " + prefix);
        }
        if (maxBody.isNegative()) {
            throw new IllegalArgumentException("maxBody must not be negative: " + maxBody);
        }
    }

    /** The route in metrics and logs. */
    String pattern() {
        return prefix + "/**";
    }
}
