package dev.sluice.platform.kafka;

import dev.sluice.schemas.UndecodableRecordException;
import dev.sluice.schemas.UndecodableRecordException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Record keys: UTF-8 strings on every topic, read strictly (Kafka's own deserializer replaces what it cannot read). */
final class RecordKeys {
    private RecordKeys() {}

    static byte[] encode(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte @Nullable [] key) {
        if (key == null) {
            throw new UndecodableRecordException(Reason.MALFORMED, "the record has no key");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodableRecordException(Reason.INVALID_UTF8, "the key is not UTF-8", e);
        }
    }
}
