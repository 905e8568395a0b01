package dev.sluice.webhook.endpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for a new endpoint.
 *
 * @param eventTypes what it is to receive
 * @param secret the signing secret; made by the platform when left out
 */
record CreateEndpoint(
        String url,
        List<@Nullable String> eventTypes,
        @Nullable String description,
        @Nullable String secret) {

    @Override
    public String toString() {
        return "CreateEndpoint[url=" + url + ", eventTypes=" + eventTypes + "]";
    }
}
