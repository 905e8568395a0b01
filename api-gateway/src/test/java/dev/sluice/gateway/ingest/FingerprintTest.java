package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void isTheSameForTheSameEvent() {
        ByteBuffer data = bytes("{}");
        assertThat(Fingerprint.of(new RawEvent(Map.of("id", "1", "type", "a"), data)))
                .isEqualTo(Fingerprint.of(new RawEvent(Map.of("type", "a", "id", "1"), bytes("{}"))))
                .hasSize(43)
                .matches("[A-Za-z0-9_-]+");
        assertThat(data.remaining()).isEqualTo(2);
    }

    @Test
    void differsWithEveryAttributeAndEveryByte() {
        assertThat(Stream.of(
                                new RawEvent(Map.of("id", "1", "type", "a"), bytes("{}")),
                                new RawEvent(Map.of("id", "1", "type", "a"), bytes("{ }")),
                                new RawEvent(Map.of("id", "1", "type", "a"), bytes("")),
                                new RawEvent(Map.of("id", "1", "type", "a"), null),
                                new RawEvent(Map.of("id", "2", "type", "a"), bytes("{}")),
                                new RawEvent(Map.of("id", "1"), bytes("{}")),
                                new RawEvent(Map.of("id", "1typea"), bytes("{}")),
                                new RawEvent(Map.of("i", "d1", "type", "a"), bytes("{}")))
                        .map(Fingerprint::of))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesDoNotRunTogether() {
        assertThat(Stream.of(
                        Fingerprint.name("a", "b"),
                        Fingerprint.name("ab"),
                        Fingerprint.name("ab", ""),
                        Fingerprint.name("", "ab"),
                        Fingerprint.name("b", "a")))
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).hasSize(22));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
