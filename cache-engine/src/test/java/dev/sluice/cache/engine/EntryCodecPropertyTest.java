package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.cache.engine.EntryCodec.Head;
import dev.sluice.cache.engine.EntryCodec.Stored;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random entries there and back, cut short, and with bytes too many or changed. The seed is the repetition. */
class EntryCodecPropertyTest {

    @RepeatedTest(100)
    void whatWasWrittenIsRead(RepetitionInfo repetition) throws Exception {
        Sample sample = Sample.random(new Random(repetition.getCurrentRepetition()));

        assertThat(EntryCodec.decode(sample.bytes())).contains(sample.stored());
    }

    @RepeatedTest(20)
    void aBufferWithinAnotherIsReadToo(RepetitionInfo repetition) throws Exception {
        Sample sample = Sample.random(new Random(repetition.getCurrentRepetition()));
        ByteBuffer bytes = sample.bytes();
        ByteBuffer larger = ByteBuffer.allocateDirect(bytes.remaining() + 7).put(new byte[3]);
        larger.put(bytes).position(3).limit(3 + sample.bytes().remaining());

        assertThat(EntryCodec.decode(larger)).contains(sample.stored());
    }

    @RepeatedTest(50)
    void theHeadIsReadWithoutTheValue(RepetitionInfo repetition) throws Exception {
        Sample sample = Sample.random(new Random(repetition.getCurrentRepetition()));
        ByteBuffer bytes = sample.bytes();
        ByteBuffer begin = bytes.slice(0, Math.min(bytes.remaining(), EntryCodec.HEAD_BYTES));

        assertThat(EntryCodec.decodeHead(begin)).contains(sample.stored().head());
    }

    @RepeatedTest(30)
    void everyPrefixIsRefused(RepetitionInfo repetition) {
        ByteBuffer bytes =
                Sample.random(new Random(repetition.getCurrentRepetition())).bytes();
        for (int length = 0; length < bytes.remaining(); length++) {
            ByteBuffer prefix = bytes.slice(0, length);
            assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> EntryCodec.decode(prefix));
        }
    }

    @RepeatedTest(30)
    void everyByteTooManyIsRefused(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (ByteBuffer bytes : new ByteBuffer[] {Sample.random(random).bytes(), EntryBytes.tombstone(3, 1, 2)}) {
            int excess = 1 + random.nextInt(9);
            ByteBuffer longer = ByteBuffer.allocate(bytes.remaining() + excess);
            longer.put(bytes).rewind();
            assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> EntryCodec.decode(longer));
        }
    }

    @RepeatedTest(200)
    void changedBytesAreReadOrRefusedButBreakNothing(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ByteBuffer bytes = Sample.random(random).bytes();
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes.put(random.nextInt(Math.min(bytes.remaining(), 150)), (byte) random.nextInt());
        }
        try {
            EntryCodec.decode(bytes);
        } catch (UnreadableEntryException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** An entry with the bytes that it should have. */
    private record Sample(Stored stored, ByteBuffer bytes) {

        static Sample random(Random random) {
            byte[] value = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(400)];
            if (random.nextBoolean()) {
                random.nextBytes(value);
            }
            CacheValue untagged = random.nextInt(5) == 0
                    ? CacheValue.absence()
                    : CacheValue.of(value, contentType(random)).withValidator(validator(random));
            CacheValue content = untagged.withTags(tags(random));
            long version = 1 + random.nextLong(1L << 53);
            long storedAt = random.nextLong(1L << 52);
            Lifetime lifetime = new Lifetime(span(random).plusMillis(1), span(random), span(random), span(random));
            Stored stored = new Stored(content, new Head(version, version, lifetime, Duration.ZERO, content.tags()));
            int packFrom = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(100);
            return new Sample(stored, EntryBytes.value(content, lifetime, version, storedAt, packFrom));
        }

        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }

        private static List<String> tags(Random random) {
            return random.ints(random.nextBoolean() ? 0 : random.nextInt(CacheValue.MAX_TAGS))
                    .mapToObj(i -> "tag:€" + "x".repeat(Math.floorMod(i, 100)) + i)
                    .toList();
        }

        private static String validator(Random random) {
            return random.ints(
                            random.nextBoolean() ? 0 : random.nextInt(CacheValue.MAX_VALIDATOR_LENGTH + 1),
                            ' ',
                            '~' + 1)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
        }

        private static Duration span(Random random) {
            return random.nextBoolean()
                    ? Duration.ZERO
                    : Duration.ofMillis(random.nextLong(Duration.ofDays(30).toMillis()));
        }

        private static String contentType(Random random) {
            return random.ints(random.nextInt(60), 0, 4)
                    .mapToObj(width -> new String[] {"a", "é", "€", "😀"}[width])
                    .collect(Collectors.joining());
        }
    }
}
