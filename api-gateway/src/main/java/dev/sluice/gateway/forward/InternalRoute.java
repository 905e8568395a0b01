package dev.sluice.gateway.forward;

import org.springframework.util.unit.DataSize;

/**
 * One prefix of paths and the service that answers them.
 *
 * @param prefix whole segments, such as {@code /api/v1/webhooks}; the path itself and all below it belong to the route
 * @param maxBody the largest request body
 * @param access who may ask; scopes are another matter
 */
record InternalRoute(String prefix, InternalService service, DataSize maxBody, Access access) {

    /** Who may ask. */
    enum Access {
        /** Who has an API key. */
        KEY,
        /** Anybody; the service hears that it is nobody's tenant. */
        ANYBODY
    }

    InternalRoute(String prefix, InternalService service, DataSize maxBody) {
        this(prefix, service, maxBody, Access.KEY);
    }

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
