package dev.sluice.webhook.endpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What an owner says of an endpoint when only one field or two are of interest. */
final class OwnersFields {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OwnersFields() {}

    static EndpointFields with(String field, @Nullable Object value) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put(field, value);
        return with(fields);
    }

    /** An address and a type of events are added where they are not named. */
    static EndpointFields with(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put("url", "https://example.com/");
        all.put("eventTypes", List.of("a"));
        all.putAll(fields);
        return JSON.convertValue(all, EndpointFields.class);
    }
}
