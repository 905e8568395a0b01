package dev.sluice.gateway.ratelimit;

import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Settings of a gateway to which Redis is up however busy the machine is, for tests that count what is admitted. With the
 * usual ones a silence of 5 ms is a loss, and what is admitted then is as exact as decision 0006 says, not to the request.
 */
public final class PatientLimits {

    private static final Map<String, String> SETTINGS = Map.of(
            "sluice.gateway.ratelimit.patience", "2s",
            "sluice.gateway.ratelimit.deadline", "20s",
            "spring.data.redis.timeout", "20s");

    private PatientLimits() {}

    public static void register(DynamicPropertyRegistry registry) {
        SETTINGS.forEach((name, value) -> registry.add(name, () -> value));
    }

    /** Those of a context, before it is started. */
    public static TestPropertyValues values() {
        return TestPropertyValues.of(SETTINGS);
    }

    /** Those of a program, after others. */
    public static String[] and(String... arguments) {
        return Stream.concat(
                        Stream.of(arguments),
                        SETTINGS.entrySet().stream().map(entry -> "--" + entry.getKey() + "=" + entry.getValue()))
                .toArray(String[]::new);
    }
}
