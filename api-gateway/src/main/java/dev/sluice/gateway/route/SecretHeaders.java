package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which headers that a route sets or asks for are credentials, by what they are called or what they look like. Their values stand
 * sealed on the log, and the API shows {@link #MASK} for them. Pure.
 */
final class SecretHeaders {

    /** Stands for a value that is not shown; sent back, it leaves the value as it is. */
    static final String MASK = "***";

    private static final String UNKNOWN_MASK =
            "must be the value itself: the route has none yet that " + MASK + " could stand for";

    /** How a part of the name of a credential ends. */
    private static final Set<String> ENDINGS = Set.of(
            "auth",
            "authorization",
            "cookie",
            "credential",
            "credentials",
            "jwt",
            "key",
            "password",
            "passwd",
            "secret",
            "session",
            "signature",
            "token");

    private static final Pattern PARTS = Pattern.compile("[-_.]");

    /** Schemes of RFC 9110, section 11, and what our own secrets begin with. */
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?i)(?:basic|bearer|digest|negotiate|session) +\\S.*|.*(?:slk_|sls_|whsec_)\\w{8}.*");

    private SecretHeaders() {}

    static boolean isSecret(String name, String value) {
        for (String part : PARTS.split(name.toLowerCase(Locale.ROOT), -1)) {
            if (ENDINGS.stream().anyMatch(part::endsWith)) {
                return true;
            }
        }
        return CREDENTIAL.matcher(value).matches();
    }

    /** A test for the presence of a header has no value to hide. */
    static boolean isSecret(HeaderTest test) {
        return test.value().filter(value -> isSecret(test.name(), value)).isPresent();
    }

    /** Tests as they may be shown. */
    static List<HeaderTest> mask(List<HeaderTest> tests) {
        return tests.stream()
                .map(test -> isSecret(test) ? new HeaderTest(test.name(), Optional.of(MASK)) : test)
                .toList();
    }

    /** Tests as they were meant by someone who was shown those before: of one name, the first mask is for the first. */
    static List<HeaderTest> unmask(String field, List<HeaderTest> tests, List<HeaderTest> before, Faults faults) {
        List<HeaderTest> hidden =
                new ArrayList<>(before.stream().filter(SecretHeaders::isSecret).toList());
        List<HeaderTest> unmasked = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            HeaderTest test = tests.get(i);
            boolean masked = test.value().filter(MASK::equals).isPresent();
            Optional<HeaderTest> known = hidden.stream()
                    .filter(each -> masked && each.name().equalsIgnoreCase(test.name()))
                    .findFirst();
            known.ifPresent(hidden::remove);
            faults.require(!masked || known.isPresent() || !isSecret(test), field + "[" + i + "].value", UNKNOWN_MASK);
            unmasked.add(
                    new HeaderTest(test.name(), known.isPresent() ? known.get().value() : test.value()));
        }
        return unmasked;
    }

    /** Edits as they may be shown. */
    static HeaderEdits mask(HeaderEdits edits) {
        return new HeaderEdits(mask(edits.set()), mask(edits.add()), edits.remove());
    }

    /** Edits as they were meant by someone who was shown those before. */
    static HeaderEdits unmask(String field, HeaderEdits edits, HeaderEdits before, Faults faults) {
        return new HeaderEdits(
                unmask(field + ".set", edits.set(), before.set(), faults),
                unmask(field + ".add", edits.add(), before.add(), faults),
                edits.remove());
    }

    private static Map<String, String> mask(Map<String, String> values) {
        Map<String, String> masked = new LinkedHashMap<>(values);
        masked.replaceAll((name, value) -> isSecret(name, value) ? MASK : value);
        return masked;
    }

    private static Map<String, String> unmask(
            String field, Map<String, String> values, Map<String, String> before, Faults faults) {
        Map<String, String> unmasked = new LinkedHashMap<>(values);
        unmasked.replaceAll((name, value) -> {
            if (!value.equals(MASK)) {
                return value;
            }
            Optional<String> hidden = find(before, name).filter(known -> isSecret(name, known));
            faults.require(hidden.isPresent() || !isSecret(name, value), field + "." + name, UNKNOWN_MASK);
            return hidden.orElse(value);
        });
        return unmasked;
    }

    private static Optional<String> find(Map<String, String> values, String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
