package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether attributes make a CloudEvent 1.0 that every part of the platform can carry, and fills in what a
 * producer may leave out. Pure; the limits are part of the API.
 */
final class EventRules {

    static final String DATA = "data";
    static final String DATA_CONTENT_TYPE = "datacontenttype";
    static final Set<String> STANDARD_ATTRIBUTES =
            Set.of("specversion", "id", "source", "type", "subject", "time", DATA_CONTENT_TYPE, "dataschema");

    /** When an event is of no use any more; the dispatcher of webhooks reads it. */
    static final String EXPIRY_TIME = "expirytime";

    static final int MAX_EXTENSIONS = 32;
    static final int MAX_EXTENSION_LENGTH = 1_024;
    static final int MAX_URI_LENGTH = 256;
    static final int MAX_MEDIA_TYPE_LENGTH = 128;
    static final Duration MAX_SKEW = Duration.ofHours(24);

    // No dot: Standard Webhooks signs id.timestamp.body, and an id must end where its reader thinks it does.
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e&&[^.]]{1,64}");
    private static final Pattern EXTENSION_NAME = Pattern.compile("[a-z0-9]{1,20}");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9_.]{1,64}");
    private static final int MAX_SUBJECT_LENGTH = 64;

    private final EventFaults faults;
    private final Map<String, String> attributes;

    private EventRules(Map<String, String> attributes, EventFaults faults) {
        this.attributes = new HashMap<>(attributes);
        this.faults = faults;
    }

    /** Whether CloudEvents has an attribute of this name, or lets an extension have it. */
    static boolean isAttributeName(String name) {
        return STANDARD_ATTRIBUTES.contains(name)
                || (EXTENSION_NAME.matcher(name).matches() && !name.equals(DATA));
    }

    /**
     * Checks an event and completes it.
     *
     * @param faults what was found wrong while reading it; more is added here, and any fault is thrown
     */
    static CloudEvent check(RawEvent raw, EventDefaults defaults, EventFaults faults) {
        return new EventRules(raw.attributes(), faults).check(raw.data(), defaults);
    }

    private CloudEvent check(@Nullable ByteBuffer data, EventDefaults defaults) {
        checkVersion();
        String id = take("id", EventRules::faultOfId);
        String source = take("source", EventRules::faultOfSource);
        String type = take("type", EventRules::faultOfType);
        if (type == null && !faults.concern("type")) {
            faults.add(ProblemType.MISSING_FIELD, "type", "Say what happened, such as order.created.");
        }
        String subject = take("subject", EventRules::faultOfSubject);
        Instant time = checkTime(defaults.now());
        String contentType = take(DATA_CONTENT_TYPE, EventRules::faultOfMediaType);
        String schema = take("dataschema", EventRules::faultOfSchema);
        checkExtensions();
        faults.throwIfAny();
        return new CloudEvent(
                id == null ? defaults.id() : id,
                source == null ? defaults.source() : source,
                type == null ? "" : type,
                subject,
                time,
                data == null ? null : contentType,
                schema,
                data,
                attributes);
    }

    private @Nullable String take(String name, Rule rule) {
        String value = attributes.remove(name);
        if (value != null) {
            rule.findFault(value).ifPresent(detail -> faults.add(ProblemType.INVALID_FIELD, name, detail));
        }
        return value;
    }

    private void checkVersion() {
        String version = take(
                "specversion",
                value -> value.equals("1.0") ? Optional.empty() : Optional.of("Send specversion 1.0, as a string."));
        if (version == null && !faults.concern("specversion")) {
            faults.add(ProblemType.MISSING_FIELD, "specversion", "Send specversion 1.0.");
        }
    }

    private Instant checkTime(Instant now) {
        String text = attributes.remove("time");
        if (text == null) {
            return now;
        }
        Optional<Instant> time = Rfc3339.parse(text);
        if (time.isEmpty()) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    "time",
                    "Send an RFC 3339 time with a zone, such as 2026-01-31T12:00:00Z, or leave it out.");
            return now;
        }
        if (Duration.between(time.get(), now).abs().compareTo(MAX_SKEW) > 0) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    "time",
                    "Send a time within 24 hours of now; put an older one into data.");
        }
        return time.get();
    }

    private void checkExtensions() {
        // An extension of CloudEvents' own. Who says it to webhooks would not notice a wrong one before it is too late.
        String expiry = attributes.get(EXPIRY_TIME);
        if (expiry != null && Rfc3339.parse(expiry).isEmpty()) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    EXPIRY_TIME,
                    "Send an RFC 3339 time with a zone, such as 2026-01-31T12:00:00Z, or leave it out.");
        }
        if (attributes.size() > MAX_EXTENSIONS) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    "extensions",
                    "Send at most " + MAX_EXTENSIONS + " extension attributes.");
        }
        attributes.forEach((name, value) -> {
            if (value.length() > MAX_EXTENSION_LENGTH || !AttributeText.isPrintable(value)) {
                faults.add(
                        ProblemType.INVALID_FIELD,
                        name,
                        "Send at most " + MAX_EXTENSION_LENGTH + " characters, without control characters.");
            }
        });
    }

    private static Optional<String> faultOfId(String id) {
        return ID.matcher(id).matches()
                ? Optional.empty()
                : Optional.of("Send 1 to 64 visible ASCII characters without a dot, or leave it out to be given one.");
    }

    private static Optional<String> faultOfType(String type) {
        return TYPE.matcher(type).matches()
                ? Optional.empty()
                : Optional.of("Send 1 to 64 of a-z, 0-9, underscore and dot, such as order.created.");
    }

    private static Optional<String> faultOfSubject(String subject) {
        boolean fits = !subject.isBlank()
                && subject.codePointCount(0, subject.length()) <= MAX_SUBJECT_LENGTH
                && subject.indexOf('.') < 0
                && AttributeText.isPrintable(subject);
        return fits
                ? Optional.empty()
                : Optional.of("Send 1 to 64 characters without dots and control characters, or leave it out.");
    }

    private static Optional<String> faultOfSource(String source) {
        return !source.isEmpty() && parseUri(source).isPresent()
                ? Optional.empty()
                : Optional.of("Send a URI reference of at most " + MAX_URI_LENGTH
                        + " ASCII characters, such as /shop/checkout, or leave it out.");
    }

    private static Optional<String> faultOfSchema(String schema) {
        return parseUri(schema).filter(URI::isAbsolute).isPresent()
                ? Optional.empty()
                : Optional.of("Send an absolute URI of at most " + MAX_URI_LENGTH + " ASCII characters.");
    }

    private static Optional<String> faultOfMediaType(String mediaType) {
        return mediaType.length() <= MAX_MEDIA_TYPE_LENGTH && MediaTypes.isValid(mediaType)
                ? Optional.empty()
                : Optional.of("Send a media type of at most " + MAX_MEDIA_TYPE_LENGTH
                        + " characters, such as application/json.");
    }

    /** RFC 3986 knows ASCII only; Java's class would let more through. */
    private static Optional<URI> parseUri(String text) {
        if (text.length() > MAX_URI_LENGTH || !isAscii(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with a value and what to do; empty when it is fine. */
    private interface Rule {
        Optional<String> findFault(String value);
    }
}
