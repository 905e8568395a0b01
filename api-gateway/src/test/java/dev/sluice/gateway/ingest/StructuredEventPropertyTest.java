package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.dataOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes events at random, knowing what it wrote, and compares with what is read. */
class StructuredEventPropertyTest {

    private static final int CASES = 3_000;
    private static final List<String> SCALARS =
            List.of("0", "-1", "1.50", "6.02E+23", "1e-7", "true", "false", "null", "\"\"", "\"data\"", "\"}{,:\"");

    private final Random random = Randomness.seeded();

    @Test
    void keepsEveryByteOfDataWhereverItStands() {
        for (int i = 0; i < CASES; i++) {
            String data = nonNull();
            String body = object(List.of(
                    "\"specversion\"" + space() + ":\"1.0\"",
                    "\"type\":" + space() + "\"a\"",
                    "\"subject\":" + string(1),
                    "\"data\"" + space() + ":" + space() + data + space(),
                    "\"datas\":\"no\""));
            assertThat(dataOf(EventReading.read(body))).as(body).isEqualTo(data);
        }
    }

    @Test
    void answersDamagedEventsWithAProblemOrTakesThem() {
        for (int i = 0; i < CASES; i++) {
            byte[] body = object(List.of(
                            "\"specversion\":\"1.0\"",
                            "\"type\":\"a\"",
                            "\"id\":\"i1\"",
                            "\"time\":\"2026-01-31T12:00:00Z\"",
                            "\"data\":" + nonNull()))
                    .getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertReadOrRefused(body);
        }
    }

    private static void assertReadOrRefused(byte[] body) {
        try {
            assertThat(EventReading.read(body).type()).matches("[a-z0-9_.]{1,64}");
        } catch (ProblemException e) {
            assertThat(e.type().status()).isEqualTo(400);
            assertThat(e.detail()).isNotBlank();
        }
    }

    private String object(List<String> members) {
        List<String> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        return space() + "{"
                + shuffled.stream().map(member -> space() + member + space()).collect(Collectors.joining(",")) + "}"
                + space();
    }

    private String nonNull() {
        String value = value(0);
        return value.equals("null") ? "{}" : value;
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 2 : 4)) {
            case 0 -> SCALARS.get(random.nextInt(SCALARS.size()));
            case 1 -> string(0);
            case 2 ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> space() + value(depth + 1) + space())
                        .collect(Collectors.joining(",", "[" + space(), "]"));
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> space() + "\"m" + i + "\"" + space() + ":" + space() + value(depth + 1))
                        .collect(Collectors.joining(",", "{" + space(), "}"));
        };
    }

    private String string(int min) {
        String letters = "ab}{][,:'/ äß漢";
        StringBuilder text = new StringBuilder("\"");
        text.append("x".repeat(min));
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append("\\\"");
                case 1 -> text.append("\\\\");
                case 2 -> text.append(min > 0 ? "-" : "\\n");
                case 3 -> text.append("\\u00e4");
                case 4 -> text.append("😀");
                default -> text.append(letters.charAt(random.nextInt(letters.length())));
            }
        }
        return text.append('"').toString();
    }

    private String space() {
        return random.nextInt(3) == 0 ? List.of(" ", "\n", "\t", "\r\n", "   ").get(random.nextInt(5)) : "";
    }
}
