package dev.sluice.starter.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sluice.cache.engine.CacheValue;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strings and bytes as they are, everything else as JSON that names its classes, of which only trusted ones are read. What
 * does not fit its class any more cannot be read.
 */
public final class JsonCodec implements ValueCodec {

    static final String JSON = "application/json";
    static final String TEXT = "text/plain;charset=utf-8";
    static final String BYTES = "application/octet-stream";

    private final TrustedTypes types;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    public JsonCodec(TrustedTypes types) {
        this.types = types;
        JsonMapper mapper = JsonMapper.builder()
                .findAndAddModules()
                .activateDefaultTyping(types, DefaultTyping.NON_FINAL, JsonTypeInfo.As.PROPERTY)
                // A value without a property that it once had is another value.
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // Nor is one without any property the value that it was made of.
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
        writer = mapper.writerFor(Object.class);
        reader = mapper.readerFor(Object.class);
    }

    @Override
    public CacheValue encode(Object value) {
        if (value instanceof byte[] bytes) {
            return CacheValue.of(bytes.clone(), BYTES);
        }
        if (value instanceof String text) {
            return CacheValue.of(utf8(text), TEXT);
        }
        if (!types.trusts(value.getClass())) {
            throw new CodecException("values of " + value.getClass().getName()
                    + " are not trusted: add its package to sluice.starter.trusted-packages");
        }
        try {
            return CacheValue.of(writer.writeValueAsBytes(value), JSON);
        } catch (JacksonException e) {
            throw new CodecException(
                    "no JSON can be made of a " + value.getClass().getName(), e);
        }
    }

    @Override
    public Object decode(CacheValue value) {
        return switch (value.contentType()) {
            case BYTES -> value.bytes().clone();
            case TEXT -> new String(value.bytes(), StandardCharsets.UTF_8);
            case JSON -> json(value);
            default -> throw new CodecException("nothing here reads " + value.contentType());
        };
    }

    /** A lone surrogate would come back as a question mark. */
    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new CodecException("the string is not well-formed", e);
        }
    }

    private Object json(CacheValue value) {
        try {
            Object decoded = reader.readValue(value.bytes());
            if (decoded == null) {
                throw new CodecException("the JSON is null");
            }
            return decoded;
        } catch (JacksonException e) {
            throw new CodecException("the JSON cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
