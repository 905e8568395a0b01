package dev.sluice.cache.http;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/** Writes the results of a batch as JSON, values in base64, straight into the bytes of the answer: a thousand items are a thousand rows, and no tree. */
final class BatchWriter {

    private static final JsonFactory JSON = new JsonFactory();

    /** Of one item without its key and its value. */
    private static final int USUAL_BYTES = 200;

    private static final SerializedString ITEMS = new SerializedString("items");
    private static final SerializedString KEY = new SerializedString("key");
    private static final SerializedString STATUS = new SerializedString("status");
    private static final SerializedString ETAG = new SerializedString("etag");
    private static final SerializedString CONTENT_TYPE = new SerializedString("contentType");
    private static final SerializedString AGE = new SerializedString("age");
    private static final SerializedString CACHE_STATUS = new SerializedString("cacheStatus");
    private static final SerializedString VALUE = new SerializedString("value");
    private static final SerializedString WARNING = new SerializedString("warning");
    private static final SerializedString PROBLEM = new SerializedString("problem");
    private static final SerializedString CODE = new SerializedString("code");
    private static final SerializedString DETAIL = new SerializedString("detail");
    private static final SerializedString FIELD = new SerializedString("field");

    private BatchWriter() {}

    /** In their order. */
    static byte[] write(List<BatchAnswer.Item> items) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size(items));
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeName(ITEMS);
            json.writeStartArray();
            for (BatchAnswer.Item item : items) {
                write(json, item);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static int size(List<BatchAnswer.Item> items) {
        long size = 0;
        for (BatchAnswer.Item item : items) {
            byte[] value = item.value();
            size += USUAL_BYTES + item.key().length() + (value == null ? 0 : value.length * 4L / 3);
        }
        return (int) Math.min(size, Integer.MAX_VALUE / 2);
    }

    private static void write(JsonGenerator json, BatchAnswer.Item item) {
        json.writeStartObject();
        write(json, KEY, item.key());
        json.writeName(STATUS);
        json.writeNumber(item.status());
        write(json, ETAG, item.etag());
        write(json, CONTENT_TYPE, item.contentType());
        Long age = item.age();
        if (age != null) {
            json.writeName(AGE);
            json.writeNumber(age);
        }
        write(json, CACHE_STATUS, item.cacheStatus());
        byte[] value = item.value();
        if (value != null) {
            json.writeName(VALUE);
            json.writeBinary(value);
        }
        write(json, WARNING, item.warning());
        BatchAnswer.Problem problem = item.problem();
        if (problem != null) {
            json.writeName(PROBLEM);
            json.writeStartObject();
            write(json, CODE, problem.code());
            write(json, DETAIL, problem.detail());
            write(json, FIELD, problem.field());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, SerializedString name, @Nullable String value) {
        if (value != null) {
            json.writeName(name);
            json.writeString(value);
        }
    }
}
