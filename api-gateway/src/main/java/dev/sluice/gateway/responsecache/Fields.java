package dev.sluice.gateway.responsecache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The header fields of a message in their order; names in any case. Immutable. */
record Fields(List<Map.Entry<String, String>> entries) {

    static final Fields NONE = new Fields(List.of());

    Fields {
        entries = List.copyOf(entries);
    }

    static Fields of(Iterable<Map.Entry<String, String>> headers) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        headers.forEach(entry -> entries.add(Map.entry(entry.getKey(), entry.getValue())));
        return new Fields(entries);
    }

    List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Map.Entry<String, String> entry : entries) {
            if (entry.getKey().equalsIgnoreCase(name)) {
                values.add(entry.getValue());
            }
        }
        return values;
    }

    Optional<String> first(String name) {
        for (Map.Entry<String, String> entry : entries) {
            if (entry.getKey().equalsIgnoreCase(name)) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    boolean has(String name) {
        return first(name).isPresent();
    }

    /** Those whose names, in lower case, pass. */
    Fields only(Predicate<String> names) {
        return new Fields(entries.stream()
                .filter(entry -> names.test(entry.getKey().toLowerCase(Locale.ROOT)))
                .toList());
    }

    Fields with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(entries);
        more.add(Map.entry(name, value));
        return new Fields(more);
    }

    /** These, with those of another message in place of the ones of the same names. */
    Fields updatedBy(Fields newer) {
        Set<String> names = newer.names();
        List<Map.Entry<String, String>> updated = new ArrayList<>(only(name -> !names.contains(name)).entries);
        updated.addAll(newer.entries);
        return new Fields(updated);
    }

    private Set<String> names() {
        return Set.copyOf(entries.stream()
                .map(entry -> entry.getKey().toLowerCase(Locale.ROOT))
                .distinct()
                .toList());
    }
}
