package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.StrictJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A change of an endpoint as a JSON merge patch (RFC 7396): what it leaves out stays. Immutable. */
final class EndpointPatch {

    /** Stands in for an endpoint that is not there: what is wrong with a patch is said either way. */
    private static final EndpointFields SPECIMEN = new EndpointFields(
            "https://example.com/", List.of("*"), null, null, null, null, null, null, null, null, null, null, null);

    /** As {@link EndpointFields}, any part of it. */
    record Fields(
            @Nullable String url,
            @Nullable List<@Nullable String> eventTypes,
            @Nullable String description,
            @Nullable Map<String, @Nullable String> headers,
            @Nullable Map<String, @Nullable String> metadata,
            @Nullable String timeout,
            @Nullable List<@Nullable String> retryDelays,
            @Nullable Integer maxConcurrency,
            RateLimitFields.@Nullable Part rateLimit,
            @Nullable String ordering,
            @Nullable List<@Nullable JsonNode> filter,
            @Nullable String signatureScheme,
            @Nullable String payload) {}

    private final JsonNode patch;
    private final StrictJson json;

    private EndpointPatch(JsonNode patch, StrictJson json) {
        this.patch = patch;
        this.json = json;
    }

    /** Reads a patch; refuses one of unknown fields or other types. */
    static EndpointPatch read(byte[] body, StrictJson json) {
        json.read(body, Fields.class);
        return new EndpointPatch(json.readTree(body), json);
    }

    /** All fields as they are to be; refuses a patch that takes away what every endpoint has. */
    EndpointFields applyTo(EndpointFields fields) {
        JsonNode patched = MergePatch.apply(json.readTree(json.write(fields)), patch);
        return json.read(json.write(patched), EndpointFields.class);
    }

    EndpointFields applyToNothing() {
        return applyTo(SPECIMEN);
    }
}
