package dev.sluice.webhook.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The conditions that an event must fulfil, all of them, to be sent to an endpoint. Immutable; its text is what stands on the log.
 */
public final class Filter {

    private static final Logger LOG = LoggerFactory.getLogger(Filter.class);

    /** Everything passes. */
    public static final Filter NONE = new Filter(null, new Condition.And(List.of()));

    private final @Nullable String text;
    private final Condition condition;

    private Filter(@Nullable String text, Condition condition) {
        this.text = text;
        this.condition = condition;
    }

    /** Takes note of what is wrong with a filter. */
    @FunctionalInterface
    public interface Refusals {

        /**
         * One thing that is wrong.
         *
         * @param field where, as a path from the document that the filter stands in
         * @param detail what, and what to do
         */
        void refuse(String field, String detail);
    }

    /** Reads what an owner sent; empty, with what is wrong noted, when it cannot be taken. */
    public static Optional<Filter> read(
            String field, List<? extends @Nullable JsonNode> conditions, Refusals refusals) {
        String text = JsonData.MAPPER.writeValueAsString(conditions);
        if (text.length() > FilterReader.MAX_LENGTH) {
            refusals.refuse(
                    field,
                    "a filter must have at most " + FilterReader.MAX_LENGTH
                            + " characters as JSON without spaces; ask for" + " less, or make two webhooks");
            return Optional.empty();
        }
        // Read from its text, so that what is decided now is what is decided after a restart.
        return new FilterReader(refusals)
                .read(field, JsonData.MAPPER.readTree(text))
                .map(condition -> new Filter(text, condition));
    }

    /**
     * Reads what stands on the log. A filter that this version does not know lets everything pass: what its owner did not want is a
     * lesser harm than what is missing.
     */
    public static Filter stored(@Nullable String text) {
        if (text == null) {
            return NONE;
        }
        List<String> wrong = new ArrayList<>();
        try {
            Optional<Condition> read = new FilterReader((field, detail) -> wrong.add(field + ": " + detail))
                    .read("filter", JsonData.MAPPER.readTree(text));
            if (read.isPresent()) {
                return new Filter(text, read.get());
            }
        } catch (JacksonException e) {
            wrong.add(e.getOriginalMessage());
        }
        LOG.error("a filter on the log cannot be read and lets everything pass: {}", wrong);
        return new Filter(text, NONE.condition);
    }

    /** Whether an event passes. */
    public boolean matches(FilteredEvent event) {
        return condition.holds(event);
    }

    /** What stands on the log; null when everything passes. */
    public @Nullable String text() {
        return text;
    }

    /** The conditions as they were sent, out of the text on the log; null when there are none. */
    public static @Nullable List<@Nullable JsonNode> shown(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            List<@Nullable JsonNode> conditions = new ArrayList<>();
            JsonData.MAPPER.readTree(text).forEach(conditions::add);
            return conditions;
        } catch (JacksonException _) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "Filter[" + text + "]";
    }
}
