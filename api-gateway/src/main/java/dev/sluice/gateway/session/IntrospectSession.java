package dev.sluice.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * A question about a token.
 *
 * @param token what a user presented
 * @param touch whether that is a use of the session; no when left out
 */
record IntrospectSession(String token, @Nullable Boolean touch) {}
