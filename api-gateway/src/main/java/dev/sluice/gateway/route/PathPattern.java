package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which paths belong to a route, segment by segment.
 *
 * @param below whether all paths below belong to it as well: the pattern ends in {@code /**}
 */
record PathPattern(List<Segment> segments, boolean below) {

    static final int MAX_SEGMENTS = 32;
    static final int MAX_LENGTH = 1_024;

    private static final String BELOW = "**";

    /** A decoded text that stands for itself, or the name of a variable that stands for any one segment. */
    record Segment(String text, Kind kind) {}

    enum Kind {
        LITERAL,
        VARIABLE
    }

    PathPattern {
        segments = List.copyOf(segments);
    }

    /** The pattern of a text without faults. */
    static PathPattern parse(String text) {
        List<Segment> segments = new ArrayList<>();
        List<String> parts = partsOf(text);
        boolean below = !parts.isEmpty() && parts.getLast().equals(BELOW);
        for (String part : below ? parts.subList(0, parts.size() - 1) : parts) {
            segments.add(
                    part.startsWith("{")
                            ? new Segment(part.substring(1, part.length() - 1), Kind.VARIABLE)
                            : new Segment(part, Kind.LITERAL));
        }
        return new PathPattern(segments, below);
    }

    /** What is wrong with a text as a pattern and what to do; empty when it is one. */
    static Optional<String> findFault(String text) {
        if (!text.startsWith("/") || text.length() > MAX_LENGTH) {
            return Optional.of("must begin with a slash and have at most " + MAX_LENGTH + " characters");
        }
        if (text.length() > 1 && text.endsWith("/")) {
            return Optional.of("must not end with a slash: no request with one is let in");
        }
        List<String> parts = partsOf(text);
        if (parts.size() > MAX_SEGMENTS) {
            return Optional.of("must have at most " + MAX_SEGMENTS + " segments");
        }
        Set<String> variables = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.equals(BELOW) && i == parts.size() - 1) {
                return Optional.empty();
            }
            Optional<String> fault = part.indexOf('{') >= 0 || part.indexOf('}') >= 0
                    ? faultOfVariable(part, variables)
                    : faultOfLiteral(part);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** The leading segments that are literal, as a path. */
    String literalPrefix() {
        return segments.stream()
                .takeWhile(segment -> segment.kind() == Kind.LITERAL)
                .map(segment -> "/" + segment.text())
                .collect(Collectors.joining());
    }

    /** The same for all patterns that the same paths belong to. */
    String shape() {
        String shape = segments.stream()
                .map(segment -> segment.kind() == Kind.LITERAL ? "/" + segment.text() : "/{}")
                .collect(Collectors.joining());
        return below ? shape + "/" + BELOW : shape;
    }

    boolean hasVariables() {
        return segments.stream().anyMatch(segment -> segment.kind() == Kind.VARIABLE);
    }

    private static List<String> partsOf(String text) {
        return text.equals("/") ? List.of() : List.of(text.substring(1).split("/", -1));
    }

    private static Optional<String> faultOfVariable(String part, Set<String> variables) {
        if (!isVariable(part)) {
            return Optional.of("must have a variable as a whole segment, such as /{id}, named with letters and digits");
        }
        return variables.add(part) ? Optional.empty() : Optional.of("has the variable " + part + " twice");
    }

    private static boolean isVariable(String part) {
        return part.length() > 2
                && part.charAt(0) == '{'
                && part.charAt(part.length() - 1) == '}'
                && part.chars().skip(1).limit(part.length() - 2L).allMatch(PathPattern::isNameCharacter)
                && !Character.isDigit(part.charAt(1));
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static Optional<String> faultOfLiteral(String part) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            return Optional.of("must have no empty and no dot segments: no request with one is let in");
        }
        if (part.indexOf('*') >= 0) {
            return Optional.of("must have * only as /** at the end; use {name} for one segment");
        }
        boolean unfit = part.chars().anyMatch(c -> Character.isISOControl(c) || "%?#;\\".indexOf(c) >= 0)
                || !isWellFormed(part);
        return unfit
                ? Optional.of("must be written decoded, without any of % ? # ; \\ and control characters")
                : Optional.empty();
    }

    private static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
