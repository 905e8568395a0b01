package dev.sluice.webhook.filter;

import dev.sluice.record.DomainEvent;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * An event that filters look at. Its data is parsed when the first of them asks for it, once for all of them, and not at all when none
 * does. For one thread.
 */
public final class FilteredEvent {

    private final DomainEvent event;
    private final Function<@Nullable ByteBuffer, JsonNode> parser;
    private @Nullable JsonNode data;

    FilteredEvent(DomainEvent event, Function<@Nullable ByteBuffer, JsonNode> parser) {
        this.event = event;
        this.parser = parser;
    }

    public static FilteredEvent of(DomainEvent event) {
        return new FilteredEvent(event, JsonData::parse);
    }

    JsonNode subject() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return event.getSubject() == null ? nodes.missingNode() : nodes.stringNode(event.getSubject());
    }

    /** The data; a missing node when there is none or it is no JSON. */
    JsonNode data() {
        JsonNode parsed = data;
        if (parsed == null) {
            parsed = JsonData.isJson(event.getDataContentType())
                    ? parser.apply(event.getData())
                    : JsonNodeFactory.instance.missingNode();
            data = parsed;
        }
        return parsed;
    }
}
