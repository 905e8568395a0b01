package dev.sluice.platform.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Decides whether a raw path means one thing only. Refused is what some component on the way decodes, cuts or joins
 * differently: encoded separators, dot segments, empty segments, path parameters, control characters, and bytes that are
 * not UTF-8.
 */
final class StrictPath {

    private StrictPath() {}

    /** What is wrong with a raw (still encoded) path and what to do; empty when it is fine. */
    static Optional<String> findFault(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return Optional.of("Begin the path with a slash.");
        }
        if (rawPath.length() > 1 && rawPath.endsWith("/")) {
            return Optional.of("Leave out the slash at the end.");
        }
        if (rawPath.equals("/") || isPlain(rawPath)) {
            return Optional.empty();
        }
        for (String segment : rawPath.substring(1).split("/", -1)) {
            Optional<String> fault = faultOfSegment(segment);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** Whether there is nothing to decode and nothing to doubt, as in nearly all paths. */
    private static boolean isPlain(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            boolean isSafe = isLetterOrDigit
                    || "-_:~@,".indexOf(c) >= 0
                    || (c == '/' && before != '/')
                    || (c == '.' && before != '/' && before != '.');
            if (!isSafe) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static Optional<String> faultOfSegment(String segment) {
        if (segment.isEmpty()) {
            return Optional.of("Leave out empty path segments (//).");
        }
        if (segment.indexOf(';') >= 0) {
            return Optional.of("Leave out path parameters (;).");
        }
        Optional<byte[]> decoded = percentDecode(segment);
        if (decoded.isEmpty()) {
            return Optional.of("Write %-escapes with two hexadecimal digits.");
        }
        Optional<String> text = StrictUtf8.decode(decoded.get());
        if (text.isEmpty()) {
            return Optional.of("Escape path segments as UTF-8.");
        }
        return faultOfText(text.get());
    }

    private static Optional<String> faultOfText(String text) {
        if (text.equals(".") || text.equals("..")) {
            return Optional.of("Leave out dot segments.");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '\\') {
                return Optional.of("Leave out slashes and backslashes within a path segment.");
            }
            if (Character.isISOControl(c)) {
                return Optional.of("Leave out control characters.");
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> percentDecode(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= segment.length()
                    || Character.digit(segment.charAt(i + 1), 16) < 0
                    || Character.digit(segment.charAt(i + 2), 16) < 0) {
                return Optional.empty();
            }
            bytes.write(Integer.parseInt(segment, i + 1, i + 3, 16));
            i += 2;
        }
        return Optional.of(bytes.toByteArray());
    }
}
