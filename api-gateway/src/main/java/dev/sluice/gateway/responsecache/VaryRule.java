package dev.sluice.gateway.responsecache;

import dev.sluice.platform.web.caching.ListText;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By which headers of a request an answer was chosen, and how their values are compared (RFC 9111, section 4.1). Pure. */
final class VaryRule {

    private static final String VARY = "Vary";

    /** More than any upstream needs. */
    private static final int MAX_NAMES = 32;

    /** Whose commas part nothing. */
    private static final Set<String> NO_LISTS =
            Set.of("user-agent", "cookie", "authorization", "referer", "date", "if-modified-since");

    /** Lists of preferences in any order and any case. */
    private static final Set<String> PREFERENCES = Set.of("accept-language", "accept-encoding", "accept-charset");

    private VaryRule() {}

    /** Whether no request can be known to be answered the same. */
    static boolean isUnmatchable(Fields fields) {
        List<String> names = ListText.split(fields.all(VARY));
        return names.contains("*") || names.size() > MAX_NAMES;
    }

    /** The names in lower case, in one order. */
    static List<String> namesOf(Fields fields) {
        return ListText.split(fields.all(VARY)).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The values by which a request is told from others, as one text.
     *
     * @param selecting the values of a header of the request
     */
    static String valuesOf(List<String> names, Function<String, List<String>> selecting) {
        StringBuilder values = new StringBuilder();
        for (String name : names) {
            List<String> lines = selecting.apply(name);
            values.append(name).append(lines.isEmpty() ? '!' : '=');
            // The length keeps two values from running into each other.
            String normal = normal(name, lines);
            values.append(normal.length()).append(':').append(normal).append('\n');
        }
        return values.toString();
    }

    private static String normal(String name, List<String> lines) {
        if (NO_LISTS.contains(name)) {
            return String.join(",", lines);
        }
        List<String> elements = ListText.split(lines);
        return PREFERENCES.contains(name)
                ? elements.stream()
                        .map(Preference::of)
                        .sorted(Preference.ORDER)
                        .map(Preference::text)
                        .collect(Collectors.joining(","))
                : String.join(",", elements);
    }

    /** One of a list of preferences, as {@code de;q=0.5}. */
    private record Preference(String name, double weight) {

        static final Comparator<Preference> ORDER =
                Comparator.comparingDouble(Preference::weight).reversed().thenComparing(Preference::name);

        static Preference of(String element) {
            String[] parts = element.toLowerCase(Locale.ROOT).split(";", 2);
            String weight = parts.length < 2 ? "" : parts[1].strip();
            return new Preference(parts[0].strip(), weight.startsWith("q=") ? weightOf(weight.substring(2)) : 1);
        }

        private static double weightOf(String text) {
            return text.matches("[01](\\.\\d{0,3})?") ? Double.parseDouble(text) : 1;
        }

        String text() {
            return name + ";" + weight;
        }
    }
}
