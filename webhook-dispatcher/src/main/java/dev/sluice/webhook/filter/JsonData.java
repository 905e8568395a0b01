package dev.sluice.webhook.filter;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Data of events as JSON, where it is some. Thread-safe. */
public final class JsonData {

    /** Decimals as they are written: as floats, two that differ could be the same. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonData() {}

    /** Whether data of that media type is JSON; none given means that it is. */
    public static boolean isJson(@Nullable String mediaType) {
        if (mediaType == null) {
            return true;
        }
        int parameters = mediaType.indexOf(';');
        String bare = (parameters < 0 ? mediaType : mediaType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return bare.equals("application/json") || bare.equals("text/json") || bare.endsWith("+json");
    }

    /** The data as a tree; a missing node when there is none, or it is no JSON whatever its media type says. */
    static JsonNode parse(@Nullable ByteBuffer data) {
        if (data == null || !data.hasRemaining()) {
            return JsonNodeFactory.instance.missingNode();
        }
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        try {
            return MAPPER.readTree(bytes);
        } catch (JacksonException _) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
