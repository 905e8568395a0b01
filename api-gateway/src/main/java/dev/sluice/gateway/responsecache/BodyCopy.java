package dev.sluice.gateway.responsecache;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * Copies a body while it passes. What is whole is handed on before the reader gets its last piece; what breaks off, or is
 * longer than it may be, is forgotten. Used by one answer, on one thread.
 */
final class BodyCopy {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final long maxBytes;
    private final OptionalLong announced;
    private final Consumer<byte[]> whole;
    private final Consumer<Landing> broken;
    private boolean over;

    /**
     * @param announced the length that the head tells, if it does
     * @param whole told at most once, with all of the body
     * @param broken told at most once, in place of the other
     */
    BodyCopy(long maxBytes, OptionalLong announced, Consumer<byte[]> whole, Consumer<Landing> broken) {
        this.maxBytes = maxBytes;
        this.announced = announced;
        this.whole = whole;
        this.broken = broken;
    }

    Flux<ByteBuf> of(Flux<ByteBuf> body) {
        return body.doOnNext(this::add)
                .doOnComplete(this::complete)
                .doOnError(failure -> end(Landing.failed(failure)))
                .doOnCancel(() -> end(Landing.ABANDONED));
    }

    private void add(ByteBuf piece) {
        if (over) {
            return;
        }
        if (bytes.size() + (long) piece.readableBytes() > maxBytes) {
            end(Landing.NOT_SHARED);
            return;
        }
        try {
            piece.getBytes(piece.readerIndex(), bytes, piece.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A caller who knows the length does not wait for the end: the next request may come before it.
        if (announced.isPresent() && announced.getAsLong() == bytes.size()) {
            finish();
        }
    }

    private void complete() {
        if (over) {
            return;
        }
        if (announced.isPresent() && announced.getAsLong() != bytes.size()) {
            end(Landing.ABANDONED);
            return;
        }
        finish();
    }

    private void finish() {
        over = true;
        whole.accept(bytes.toByteArray());
        bytes.reset();
    }

    private void end(Landing how) {
        if (!over) {
            over = true;
            bytes.reset();
            broken.accept(how);
        }
    }
}
