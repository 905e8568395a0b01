package dev.sluice.webhook.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import dev.sluice.record.DomainEvent;
import dev.sluice.webhook.fanout.Events;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random filters on random events, against an oracle that knows no JSON: it walks maps and lists by the names that a pointer was made
 * of, and holds plain values against each other.
 */
class FilterPropertyTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> NAMES = List.of("a", "b", "a.b", "x/y", "~t", "0", "1", "");
    private static final List<Object> VALUES = List.of(
            "",
            "a",
            "ab",
            "abc",
            "1",
            "true",
            "grün",
            "😀",
            0,
            1,
            2,
            -1,
            new BigDecimal("1.0"),
            new BigDecimal("0.1"),
            new BigDecimal("1e2"),
            100L,
            12_345_678_901_234L,
            true,
            false);
    /** What a place of the oracle has when it has nothing. */
    private static final Object NOTHING = new Object();

    private static final List<String> OPERATORS =
            List.of("eq", "neq", "gt", "gte", "lt", "lte", "in", "exists", "prefix");

    private final Random random = Randomness.seeded();
    private int held;
    private int failed;

    /** A condition as it is sent, and what the oracle makes of it. */
    private record Both(Map<String, Object> sent, Oracle oracle) {

        boolean holds(Map<String, @Nullable Object> document) {
            return oracle.holds(document);
        }
    }

    private interface Oracle {
        boolean holds(Map<String, @Nullable Object> document);
    }

    @Test
    void decidesAsOneWhoWalksPlainValues() {
        for (int round = 0; round < 400; round++) {
            List<Both> conditions = conditions(0);
            Filter filter = read(conditions);
            for (int i = 0; i < 20; i++) {
                Map<String, @Nullable Object> document = document();
                boolean expected = conditions.stream().allMatch(condition -> condition.holds(document));
                assertThat(filter.matches(FilteredEvent.of(event(document))))
                        .as("%s on %s", filter, document)
                        .isEqualTo(expected);
                assertThat(Filter.stored(filter.text()).matches(FilteredEvent.of(event(document))))
                        .isEqualTo(expected);
                held += expected ? 1 : 0;
                failed += expected ? 0 : 1;
            }
        }
        // Otherwise it would have shown nothing.
        assertThat(Math.min(held, failed)).isGreaterThan(500);
    }

    private static Filter read(List<Both> conditions) {
        List<Map<String, Object>> sent = conditions.stream().map(Both::sent).toList();
        List<tools.jackson.databind.JsonNode> nodes = new ArrayList<>();
        JSON.valueToTree(sent).forEach(nodes::add);
        return Filter.read("filter", nodes, (field, detail) -> {
                    throw new AssertionError(field + " " + detail + " " + nodes);
                })
                .orElseThrow();
    }

    private List<Both> conditions(int depth) {
        return IntStream.rangeClosed(0, random.nextInt(2))
                .mapToObj(i -> condition(depth))
                .toList();
    }

    private Both condition(int depth) {
        int kind = depth > 3 ? 9 : random.nextInt(10);
        if (kind == 0) {
            Both inner = condition(depth + 1);
            return new Both(Map.of("not", inner.sent()), document -> !inner.holds(document));
        }
        if (kind < 4) {
            List<Both> inner = conditions(depth + 1);
            List<Map<String, Object>> sent = inner.stream().map(Both::sent).toList();
            if (kind == 1) {
                return new Both(Map.of("and", sent), document -> howMany(inner, document) == inner.size());
            }
            return new Both(Map.of("or", sent), document -> howMany(inner, document) > 0);
        }
        return atPlace();
    }

    private static int howMany(List<Both> conditions, Map<String, @Nullable Object> document) {
        int count = 0;
        for (Both condition : conditions) {
            count += condition.holds(document) ? 1 : 0;
        }
        return count;
    }

    private Both atPlace() {
        boolean subject = random.nextInt(5) == 0;
        List<String> names = IntStream.range(0, subject ? 0 : random.nextInt(4))
                .mapToObj(i -> any(NAMES))
                .toList();
        StringBuilder pointer = new StringBuilder(subject ? "/subject" : "/data");
        names.forEach(name -> pointer.append('/').append(name.replace("~", "~0").replace("/", "~1")));
        Map<String, Object> sent = new LinkedHashMap<>();
        sent.put("field", pointer.toString());
        List<BiPredicate<Object, Object>> checks = new ArrayList<>();
        List<Object> operands = new ArrayList<>();
        for (int i = random.nextInt(2); i >= 0; i--) {
            String operator = any(OPERATORS);
            Object operand = operand(operator);
            if (sent.putIfAbsent(operator, operand) == null) {
                checks.add(check(operator));
                operands.add(operand);
            }
        }
        return new Both(sent, document -> {
            Object value = subject ? document.getOrDefault("subject", NOTHING) : walk(document, names);
            return IntStream.range(0, checks.size()).allMatch(i -> checks.get(i).test(value, operands.get(i)));
        });
    }

    private Object operand(String operator) {
        return switch (operator) {
            case "in" -> List.of(any(VALUES), any(VALUES), any(VALUES));
            case "exists" -> random.nextBoolean();
            case "prefix" -> any(List.of("a", "ab", "g", "1"));
            case "gt", "gte", "lt", "lte" ->
                VALUES.stream()
                        .filter(value -> !(value instanceof Boolean))
                        .skip(random.nextInt(VALUES.size() - 2))
                        .findFirst()
                        .orElseThrow();
            default -> any(VALUES);
        };
    }

    private static BiPredicate<Object, Object> check(String operator) {
        return switch (operator) {
            case "eq" -> FilterPropertyTest::same;
            case "neq" -> (value, wanted) -> !same(value, wanted);
            case "gt" -> (value, bound) -> ordered(value, bound, sign -> sign > 0);
            case "gte" -> (value, bound) -> ordered(value, bound, sign -> sign >= 0);
            case "lt" -> (value, bound) -> ordered(value, bound, sign -> sign < 0);
            case "lte" -> (value, bound) -> ordered(value, bound, sign -> sign <= 0);
            case "in" -> (value, wanted) -> ((List<?>) wanted).stream().anyMatch(one -> same(value, one));
            case "exists" -> (value, wanted) -> !NOTHING.equals(value) == (Boolean) wanted;
            case "prefix" -> (value, beginning) -> value instanceof String text && text.startsWith((String) beginning);
            default -> throw new AssertionError(operator);
        };
    }

    private static boolean same(Object value, Object wanted) {
        if (value instanceof Number a && wanted instanceof Number b) {
            return number(a).compareTo(number(b)) == 0;
        }
        return wanted.equals(value);
    }

    private static boolean ordered(Object value, Object bound, IntPredicate sign) {
        if (value instanceof Number a && bound instanceof Number b) {
            return sign.test(number(a).compareTo(number(b)));
        }
        return value instanceof String a && bound instanceof String b && sign.test(a.compareTo(b));
    }

    private static BigDecimal number(Number number) {
        return new BigDecimal(number.toString());
    }

    private static Object walk(Map<String, @Nullable Object> document, List<String> names) {
        Object at = document.containsKey("data") ? document.get("data") : NOTHING;
        for (String name : names) {
            if (at instanceof Map<?, ?> map && map.containsKey(name)) {
                at = map.get(name);
            } else if (at instanceof List<?> list && name.matches("0|1") && Integer.parseInt(name) < list.size()) {
                at = list.get(Integer.parseInt(name));
            } else {
                return NOTHING;
            }
        }
        return at == null ? "null itself is nowhere in VALUES, and is there".getClass() : at;
    }

    private Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
            document.put("subject", any(List.of("a", "ab", "grün", "1")));
        }
        if (random.nextInt(10) > 0) {
            document.put("data", value(0));
        }
        return document;
    }

    private @Nullable Object value(int depth) {
        int kind = depth > 3 ? 9 : random.nextInt(10);
        if (kind < 5) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                map.put(any(NAMES), value(depth + 1));
            }
            return map;
        }
        if (kind == 5) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                list.add(value(depth + 1));
            }
            return list;
        }
        return random.nextInt(8) == 0 ? null : any(VALUES);
    }

    private static DomainEvent event(Map<String, @Nullable Object> document) {
        DomainEvent event = document.containsKey("data")
                ? Events.of("acme", "evt", "a", JSON.writeValueAsString(document.get("data")))
                : DomainEvent.newBuilder(Events.of("acme", "evt", "a", ""))
                        .setData(null)
                        .setDataContentType(null)
                        .build();
        event.setSubject((String) document.get("subject"));
        return event;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
