package dev.sluice.webhook.egress;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The beginning of a response body, at most 16 KiB. Filled by one thread, then read only. */
public final class Body {

    /** What is kept of an answer; the rest is not read. */
    public static final int MAX_BYTES = 16 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    void append(ByteBuf buffer) {
        byte[] part = new byte[Math.min(buffer.readableBytes(), MAX_BYTES - bytes.size())];
        buffer.getBytes(buffer.readerIndex(), part);
        bytes.write(part, 0, part.length);
    }

    /** Whether there may have been more of it. */
    public boolean full() {
        return bytes.size() >= MAX_BYTES;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** A body of these bytes. */
    public static Body of(byte[] content) {
        Body body = new Body();
        byte[] cut = content.length > MAX_BYTES ? Arrays.copyOf(content, MAX_BYTES) : content;
        body.bytes.write(cut, 0, cut.length);
        return body;
    }
}
