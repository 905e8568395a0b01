package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisNamesTest {

    private static final List<String> PIECES = List.of("a", "{", "}", ":", "7", "{7}", "c:{", "é", "{}");

    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNamedIsFoundAgain(boolean clustered) {
        RedisNames names = new RedisNames(clustered);

        assertThat(Stream.generate(this::anyKey).limit(2_000))
                .allSatisfy(
                        key -> assertThat(names.entryOf(text(names.entry(key)))).contains(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c:",
                "c:{",
                "c:{}",
                "c:{a}",
                "c:{a:b}",
                "n:{t:n:k}",
                "c:{1}",
                "c:{1}t:n",
                "c:{x}t:n:k",
                "other"
            })
    void whatIsNoEntryIsNone(String name) {
        assertThat(new RedisNames(true).entryOf(name)).isEmpty();
        assertThat(new RedisNames(false).entryOf(name)).isEmpty();
    }

    /** A script reaches one slot. */
    @Test
    void anEntryOfAClusterLiesWithItsNotes() {
        RedisNames names = new RedisNames(true);

        assertThat(Stream.generate(this::anyKey).limit(2_000)).allSatisfy(key -> {
            assertThat(SlotHash.getSlot(names.entry(key))).isEqualTo(SlotHash.getSlot(names.intents(key)));
            assertThat(names.intents()).contains(names.intents(key));
        });
    }

    @Test
    void mastersGetAboutAsMany() {
        RedisNames names = new RedisNames(true);
        Map<Integer, Integer> entries = new HashMap<>();

        IntStream.range(0, 30_000)
                .mapToObj(i -> new CacheKey("acme", "prices", "item-" + i))
                .forEach(key -> entries.merge(SlotHash.getSlot(names.entry(key)) * 3 / 16_384, 1, Integer::sum));

        assertThat(entries.values()).hasSize(3).allMatch(count -> count > 9_000);
    }

    private CacheKey anyKey() {
        return new CacheKey(any().replace(":", "-"), any().replace(":", "-"), any());
    }

    private String any() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
