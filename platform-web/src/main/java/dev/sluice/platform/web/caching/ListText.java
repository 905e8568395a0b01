package dev.sluice.platform.web.caching;

import java.util.ArrayList;
import java.util.List;

/** Lists as headers have them: elements with commas between, which may be quoted (RFC 9110, section 5.6). Pure. */
public final class ListText {

    private ListText() {}

    /** The elements without the space around them; empty ones are left out. What is quoted stays so. */
    public static List<String> split(String text) {
        List<String> elements = new ArrayList<>(4);
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                add(text.substring(start, i), elements);
                start = i + 1;
            }
        }
        add(text.substring(start), elements);
        return elements;
    }

    /** The elements of all lines of a header. */
    public static List<String> split(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> elements = new ArrayList<>();
        lines.forEach(line -> elements.addAll(split(line)));
        return elements;
    }

    /** What a quoted string says; another text as it is. */
    public static String unquote(String text) {
        if (text.length() < 2 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() - 1) {
                i++;
                c = text.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static void add(String element, List<String> to) {
        String stripped = element.strip();
        if (!stripped.isEmpty()) {
            to.add(stripped);
        }
    }
}
