package dev.sluice.starter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.CacheValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private static final String PACKAGE = JsonCodecTest.class.getPackageName();

    private final JsonCodec codec = new JsonCodec(new TrustedTypes(List.of(PACKAGE)));

    enum Shelf {
        UP,
        DOWN
    }

    interface Thing {}

    record Money(BigDecimal amount, String currency) implements Thing {}

    record Product(
            long id, @Nullable String name, List<Money> prices, Map<String, Thing> things, Shelf shelf, Instant at) {}

    static Stream<Object> values() {
        Money money = new Money(new BigDecimal("1.20"), "EUR");
        Product product = new Product(
                1, null, List.of(money), Map.of("a", money), Shelf.UP, Instant.parse("2026-01-01T00:00:00Z"));
        return Stream.of(
                "text",
                "",
                1,
                2L,
                1.5,
                2.5f,
                true,
                'c',
                new BigDecimal("10.00"),
                new UUID(1, 2),
                Instant.EPOCH,
                Locale.GERMANY,
                Shelf.DOWN,
                money,
                product,
                List.of(),
                List.of(product, money),
                List.of(1, 2L, "x"),
                Arrays.asList(money, null),
                new ArrayList<>(List.of(Shelf.UP)),
                Set.of(money),
                Map.of("a", List.of(money)),
                new LinkedHashMap<>(Map.of("k", 1L)),
                new TreeMap<>(Map.of("k", money)),
                new EnumMap<>(Map.of(Shelf.UP, money)),
                EnumSet.of(Shelf.DOWN),
                List.of(List.of(Set.of(1L))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valuesComeBackEqual(Object value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void bytesComeBackAndAreNobodyElses() {
        byte[] bytes = {1, 2, 3};
        CacheValue encoded = codec.encode(bytes);
        bytes[0] = 9;
        assertThat(codec.decode(encoded)).isEqualTo(new byte[] {1, 2, 3});
        ((byte[]) codec.decode(encoded))[0] = 9;
        assertThat(codec.decode(encoded)).isEqualTo(new byte[] {1, 2, 3});
    }

    @Test
    void arraysComeBack() {
        assertThat(codec.decode(codec.encode(new Money[] {new Money(BigDecimal.ONE, "EUR")})))
                .isEqualTo(new Money[] {new Money(BigDecimal.ONE, "EUR")});
        assertThat(codec.decode(codec.encode(new int[] {1, 2}))).isEqualTo(new int[] {1, 2});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"@class\":\"javax.swing.JEditorPane\",\"page\":\"http://127.0.0.1/\"}",
                "{\"@class\":\"org.springframework.context.support.ClassPathXmlApplicationContext\"}",
                "[\"java.util.ArrayList\",[{\"@class\":\"java.io.File\"}]]",
                "[\"java.io.File\",\"/etc/passwd\"]",
                "[\"[Ljava.io.File;\",[\"/etc/passwd\"]]",
                "{\"@class\":\"java.util.HashMap<java.lang.String,java.io.File>\",\"a\":\"/etc/passwd\"}",
                "[\"java.util.ArrayList<java.util.ArrayList<java.io.File>>\",[]]",
                "{\"@class\":\"java.util.logging.FileHandler\"}",
                "{\"@class\":\"java.lang.ProcessBuilder\"}",
                "{\"@class\":\"dev.sluice.starter.codecs.Other\"}",
                "{\"@class\":\"dev.sluice.starter.codec.JsonCodecTest$Gone\"}",
                "{\"@class\":\"dev.sluice.starter.codec.JsonCodecTest$Money\",\"amount\":1,\"gone\":2}",
                "{\"a\":1}",
                "{",
                "",
                "null"
            })
    void whatIsNotTrustedOrDoesNotFitIsNotRead(String json) {
        CacheValue stored = CacheValue.of(json.getBytes(StandardCharsets.UTF_8), JsonCodec.JSON);
        assertThatThrownBy(() -> codec.decode(stored)).isInstanceOf(CodecException.class);
    }

    @Test
    void whatWouldNotBeReadIsNotWritten() {
        assertThatThrownBy(() -> codec.encode(new java.io.File("x")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("trusted-packages");
        assertThatThrownBy(() -> codec.encode("\uD800")).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> codec.decode(CacheValue.of(new byte[1], "image/png")))
                .isInstanceOf(CodecException.class);
    }
}
