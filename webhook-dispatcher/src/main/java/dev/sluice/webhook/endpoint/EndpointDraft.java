package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.webhook.egress.RefusedUrlException;
import dev.sluice.webhook.egress.UrlRules;
import dev.sluice.webhook.signing.SymmetricKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as asked for, with everything in it checked.
 *
 * @param url normalised
 * @param eventTypes patterns; empty for all
 * @param secret the one that was supplied, if any
 */
record EndpointDraft(String url, List<String> eventTypes, String description, Optional<SymmetricKey> secret) {

    private static final int MAX_EVENT_TYPES = 50;
    private static final int MAX_DESCRIPTION = 256;

    /** Checks a request; all that is wrong with it is said at once. */
    static EndpointDraft of(CreateEndpoint request, UrlRules rules) {
        List<FieldError> errors = new ArrayList<>();
        String url = checked("url", "invalid_url", errors, () -> url(request.url(), rules));
        List<String> eventTypes = eventTypes(request.eventTypes(), errors);
        String description =
                checked("description", "invalid_description", errors, () -> description(request.description()));
        Optional<SymmetricKey> secret = Optional.ofNullable(request.secret())
                .map(text -> checked("secret", "invalid_secret", errors, () -> SymmetricKey.parse(text)));
        if (url == null || description == null || !errors.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.UNPROCESSABLE, errors);
        }
        return new EndpointDraft(url, eventTypes, description, secret);
    }

    private static <T> @Nullable T checked(String field, String code, List<FieldError> errors, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            errors.add(new FieldError(field, code, String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static String url(String url, UrlRules rules) {
        try {
            return rules.normalise(url);
        } catch (RefusedUrlException e) {
            throw new IllegalArgumentException("url " + e.getMessage(), e);
        }
    }

    private static List<String> eventTypes(List<@Nullable String> texts, List<FieldError> errors) {
        if (texts.isEmpty() || texts.size() > MAX_EVENT_TYPES) {
            errors.add(new FieldError(
                    "eventTypes",
                    "invalid_event_types",
                    "eventTypes must name 1 to " + MAX_EVENT_TYPES + " event types; [\"*\"] is all of them"));
            return List.of();
        }
        Set<String> patterns = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            EventTypePattern pattern =
                    checked("eventTypes[" + i + "]", "invalid_event_type", errors, () -> EventTypePattern.parse(text));
            if (pattern != null) {
                patterns.add(pattern.text());
            }
        }
        // All is stored as none, so that the log has one form of it.
        return patterns.contains(EventTypePattern.ALL.text()) ? List.of() : List.copyOf(patterns);
    }

    private static String description(@Nullable String description) {
        if (description == null) {
            return "";
        }
        if (description.length() > MAX_DESCRIPTION || description.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "description must be at most " + MAX_DESCRIPTION + " characters without control characters");
        }
        return description;
    }
}
