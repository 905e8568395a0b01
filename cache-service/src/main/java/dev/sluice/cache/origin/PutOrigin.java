package dev.sluice.cache.origin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The origin of a namespace as it was sent; times are ISO 8601 durations. */
public record PutOrigin(
        String url,
        @Nullable Map<String, @Nullable String> headers,
        @Nullable String softTimeout,
        @Nullable String hardTimeout) {

    /** Never the values: they may be anyone's secret. */
    @Override
    public String toString() {
        return "PutOrigin[url=" + url + "]";
    }
}
