package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredRecordPropertyTest {

    private final Random random = Randomness.seeded();

    @Test
    void readsWhatItWrites() {
        for (int i = 0; i < 2_000; i++) {
            StoredAnswer answer = answer();
            StoredAnswer read = (StoredAnswer)
                    RecordCodec.decode(RecordCodec.encode(answer)).orElseThrow();
            assertThat(read.fields()).isEqualTo(answer.fields());
            assertThat(read.terms()).isEqualTo(answer.terms());
            assertThat(read.status()).isEqualTo(answer.status());
            assertThat(read.requestMillis()).isEqualTo(answer.requestMillis());
            assertThat(read.responseMillis()).isEqualTo(answer.responseMillis());
            assertThat(bytes(read.body())).isEqualTo(bytes(answer.body()));
            VariantIndex index = new VariantIndex(random.nextLong(), List.of(List.of("a", "b"), List.of("c")));
            assertThat(RecordCodec.decode(RecordCodec.encode(index))).contains(index);
        }
    }

    @Test
    void takesBrokenBytesForNothing() {
        for (int i = 0; i < 5_000; i++) {
            byte[] whole = RecordCodec.encode(answer());
            byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
            assertThat(RecordCodec.decode(cut)).isEmpty();
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            // Whatever it is taken for, it is no failure.
            assertThat(RecordCodec.decode(noise)).isNotNull();
        }
    }

    private StoredAnswer answer() {
        Fields fields = Fields.NONE;
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            fields = fields.with("X-" + random.nextInt(3), text());
        }
        byte[] body = new byte[1 + random.nextInt(100)];
        random.nextBytes(body);
        return new StoredAnswer(
                text(), 200 + random.nextInt(400), fields, random.nextLong(), random.nextLong(), Slice.of(body));
    }

    private String text() {
        List<String> letters = new ArrayList<>();
        for (int i = random.nextInt(10); i >= 0; i--) {
            letters.add(String.valueOf((char) (1 + random.nextInt(255))));
        }
        return String.join("", letters);
    }

    private static byte[] bytes(Slice slice) {
        return Arrays.copyOfRange(slice.array(), slice.offset(), slice.offset() + slice.length());
    }
}
