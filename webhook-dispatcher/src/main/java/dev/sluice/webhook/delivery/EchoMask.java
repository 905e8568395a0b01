package dev.sluice.webhook.delivery;

import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.webhook.egress.Body;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hides in answers what the request had of its endpoint's own headers, since receivers that are being tried out like to send back
 * what they got, and answers are kept and shown. Finds them as they were sent, not encoded in another way. Pure.
 */
final class EchoMask {

    /** What is shorter is also there by chance, and hiding it would tell where. */
    private static final int MIN_LENGTH = 8;

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final List<String> hidden;

    private EchoMask(List<String> hidden) {
        this.hidden = hidden;
    }

    /** Hides the values, and each word of them: {@code Bearer} is said by all, what follows it is not. */
    static EchoMask of(Collection<String> values) {
        return new EchoMask(values.stream()
                .flatMap(value -> Stream.concat(Stream.of(value), SPACE.splitAsStream(value)))
                .filter(value -> value.length() >= MIN_LENGTH)
                .map(value -> latin1(value.getBytes(StandardCharsets.UTF_8)))
                .distinct()
                // What contains another is hidden first, whole.
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    /** The same body when nothing is hidden. */
    Body hide(Body body) {
        if (hidden.isEmpty()) {
            return body;
        }
        String text = latin1(body.bytes());
        String masked = text;
        for (String value : hidden) {
            masked = masked.replace(value, AddedHeaders.MASK);
        }
        if (body.full()) {
            masked = withoutBegun(masked);
        }
        return masked.equals(text) ? body : Body.of(masked.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Where a body was cut, the beginning of a value may stand. */
    private String withoutBegun(String text) {
        for (String value : hidden) {
            for (int length = value.length() - 1; length >= MIN_LENGTH; length--) {
                if (text.endsWith(value.substring(0, length))) {
                    return text.substring(0, text.length() - length) + AddedHeaders.MASK;
                }
            }
        }
        return text;
    }

    /** Bytes as characters, one each, so that no byte of an answer is changed that is not hidden. */
    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
