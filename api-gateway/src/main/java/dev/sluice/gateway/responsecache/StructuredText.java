package dev.sluice.gateway.responsecache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads structured fields (RFC 9651), as strictly as they ask for: one fault, and all of the field is nothing. An item is
 * a Boolean, a Long or a {@link Text}; a Decimal, a Token, a Byte Sequence, a Date and an inner list are read and stand for
 * themselves as {@link #OTHER}. Parameters are read and left out.
 */
final class StructuredText {

    /** Something that nobody here needs to tell apart. */
    static final Object OTHER = new Object();

    /** A String of a structured field, which is no Token. */
    record Text(String value) {}

    private static final int MAX_INTEGER_DIGITS = 15;
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~:/";

    private final String text;
    private int at;

    private StructuredText(String text) {
        this.text = text;
    }

    /** The members of a dictionary; of a key that stands twice the last. Empty for what is none. */
    static Optional<Map<String, Object>> dictionary(List<String> lines) {
        try {
            return Optional.of(new StructuredText(String.join(", ", lines)).readDictionary());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The items of a list; empty for what is none. */
    static Optional<List<Object>> list(List<String> lines) {
        try {
            return Optional.of(new StructuredText(String.join(", ", lines)).readList());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> readDictionary() {
        Map<String, Object> members = new LinkedHashMap<>();
        skip(" ");
        while (!isAtEnd()) {
            String key = key();
            Object value = true;
            if (takes('=')) {
                value = itemOrInnerList();
            } else {
                parameters();
            }
            members.remove(key);
            members.put(key, value);
            nextMember();
        }
        return members;
    }

    private List<Object> readList() {
        List<Object> items = new ArrayList<>();
        skip(" ");
        while (!isAtEnd()) {
            items.add(itemOrInnerList());
            nextMember();
        }
        return items;
    }

    private void nextMember() {
        skip(" \t");
        if (isAtEnd()) {
            return;
        }
        require(takes(','));
        skip(" \t");
        require(!isAtEnd());
    }

    private Object itemOrInnerList() {
        if (!takes('(')) {
            return item();
        }
        while (true) {
            skip(" ");
            if (takes(')')) {
                parameters();
                return OTHER;
            }
            Object ignored = item();
            require(peek() == ' ' || peek() == ')');
        }
    }

    private Object item() {
        Object value = bareItem();
        parameters();
        return value;
    }

    private void parameters() {
        while (takes(';')) {
            skip(" ");
            String ignored = key();
            if (takes('=')) {
                Object _ = bareItem();
            }
        }
    }

    private String key() {
        int start = at;
        require(isLower(peek()) || peek() == '*');
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private Object bareItem() {
        char first = peek();
        if (first == '"') {
            return new Text(string());
        }
        if (first == '-' || isDigit(first)) {
            return number();
        }
        if (first == '?') {
            at++;
            boolean truth = takes('1');
            require(truth || takes('0'));
            return truth;
        }
        if (first == ':') {
            return byteSequence();
        }
        if (first == '@') {
            at++;
            Object ignored = number();
            return OTHER;
        }
        return token();
    }

    private Object token() {
        require(isLetter(peek()) || peek() == '*');
        while (isLetter(peek()) || isDigit(peek()) || (!isAtEnd() && TOKEN_SIGNS.indexOf(peek()) >= 0)) {
            at++;
        }
        return OTHER;
    }

    private String string() {
        at++;
        StringBuilder value = new StringBuilder();
        while (!takes('"')) {
            require(!isAtEnd());
            char c = text.charAt(at++);
            require(c >= ' ' && c < 0x7f);
            if (c == '\\') {
                c = peek();
                require(c == '"' || c == '\\');
                at++;
            }
            value.append(c);
        }
        return value.toString();
    }

    private Object number() {
        int start = at;
        boolean ignored = takes('-');
        int digits = digits();
        require(digits >= 1 && digits <= MAX_INTEGER_DIGITS);
        if (takes('.')) {
            int fraction = digits();
            require(digits <= 12 && fraction >= 1 && fraction <= 3);
            return OTHER;
        }
        return Long.valueOf(text.substring(start, at));
    }

    private int digits() {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        return at - start;
    }

    private Object byteSequence() {
        at++;
        while (isLetter(peek()) || isDigit(peek()) || (!isAtEnd() && "+/=".indexOf(peek()) >= 0)) {
            at++;
        }
        require(takes(':'));
        return OTHER;
    }

    private boolean isAtEnd() {
        return at >= text.length();
    }

    /** NUL at the end, which is no part of anything. */
    private char peek() {
        return isAtEnd() ? '\0' : text.charAt(at);
    }

    private boolean takes(char c) {
        boolean there = peek() == c && !isAtEnd();
        at += there ? 1 : 0;
        return there;
    }

    private void skip(String characters) {
        while (!isAtEnd() && characters.indexOf(peek()) >= 0) {
            at++;
        }
    }

    private static void require(boolean fine) {
        if (!fine) {
            throw new IllegalArgumentException("not a structured field");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isLetter(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z');
    }
}
