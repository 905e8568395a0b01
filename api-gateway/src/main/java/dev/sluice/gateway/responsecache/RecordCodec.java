package dev.sluice.gateway.responsecache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stored records as bytes, and back. Pure. */
final class RecordCodec {

    private static final int ANSWER = 1;
    private static final int INDEX = 2;

    private RecordCodec() {}

    static byte[] encode(StoredRecord kept) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (kept) {
                case StoredAnswer answer -> write(answer, out);
                case VariantIndex index -> write(index, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Empty for what this version did not write. */
    static Optional<StoredRecord> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return switch (in.readByte()) {
                case ANSWER -> Optional.of(readAnswer(in, bytes));
                case INDEX -> Optional.of(readIndex(in));
                default -> Optional.empty();
            };
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static void write(StoredAnswer answer, DataOutputStream out) throws IOException {
        out.writeByte(ANSWER);
        out.writeUTF(answer.terms());
        out.writeShort(answer.status());
        out.writeLong(answer.requestMillis());
        out.writeLong(answer.responseMillis());
        out.writeShort(answer.fields().entries().size());
        for (Map.Entry<String, String> field : answer.fields().entries()) {
            out.writeUTF(field.getKey());
            out.writeUTF(field.getValue());
        }
        Slice body = answer.body();
        out.writeInt(body.length());
        out.write(body.array(), body.offset(), body.length());
    }

    private static StoredAnswer readAnswer(DataInputStream in, byte[] bytes) throws IOException {
        String terms = in.readUTF();
        int status = in.readUnsignedShort();
        long requestMillis = in.readLong();
        long responseMillis = in.readLong();
        int count = in.readUnsignedShort();
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(Map.entry(in.readUTF(), in.readUTF()));
        }
        int length = in.readInt();
        if (length < 0 || length != in.available()) {
            throw new IllegalArgumentException("the body is not whole");
        }
        Slice body = new Slice(bytes, bytes.length - length, length);
        return new StoredAnswer(terms, status, new Fields(fields), requestMillis, responseMillis, body);
    }

    private static void write(VariantIndex index, DataOutputStream out) throws IOException {
        out.writeByte(INDEX);
        out.writeLong(index.generation());
        out.writeByte(index.varied().size());
        for (List<String> names : index.varied()) {
            out.writeByte(names.size());
            for (String name : names) {
                out.writeUTF(name);
            }
        }
    }

    private static VariantIndex readIndex(DataInputStream in) throws IOException {
        long generation = in.readLong();
        List<List<String>> varied = new ArrayList<>();
        int lists = in.readUnsignedByte();
        for (int i = 0; i < lists; i++) {
            List<String> names = new ArrayList<>();
            int count = in.readUnsignedByte();
            for (int j = 0; j < count; j++) {
                names.add(in.readUTF());
            }
            varied.add(names);
        }
        return new VariantIndex(generation, varied);
    }
}
