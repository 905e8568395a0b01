package dev.sluice.gateway.responsecache;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Copies a body while it passes. What is whole is handed on before the reader gets its last piece; what breaks off, is
 * longer than it may be, or finds no room, is forgotten. Used by one answer, on one thread.
 */
final class BodyCopy {

    private static final int FIRST_BYTES = 1024;

    private final CopyBudget budget;
    private final long maxBytes;
    private final OptionalLong announced;
    private final Consumer<byte[]> whole;
    private final Consumer<Landing> broken;

    /** Null when the copy has ended, one way or the other. */
    private @Nullable ByteArrayOutputStream bytes;

    /**
     * @param announced the length that the head tells, if it does
     * @param whole told at most once, with all of the body
     * @param broken told at most once, in place of the other
     */
    BodyCopy(
            CopyBudget budget,
            long maxBytes,
            OptionalLong announced,
            Consumer<byte[]> whole,
            Consumer<Landing> broken) {
        this.budget = budget;
        this.maxBytes = maxBytes;
        this.announced = announced;
        this.whole = whole;
        this.broken = broken;
        // One that is too long is not begun.
        long expected = Math.min(maxBytes, announced.orElse(0));
        this.bytes = new ByteArrayOutputStream((int) Math.min(FIRST_BYTES, expected));
    }

    Flux<ByteBuf> of(Flux<ByteBuf> body) {
        return body.doOnNext(this::add)
                .doOnComplete(this::complete)
                .doOnError(failure -> end(Landing.failed(failure)))
                .doOnCancel(() -> end(Landing.ABANDONED));
    }

    private void add(ByteBuf piece) {
        ByteArrayOutputStream copied = bytes;
        if (copied == null) {
            return;
        }
        int length = piece.readableBytes();
        if (copied.size() + (long) length > maxBytes || !budget.tryTake(length)) {
            end(Landing.NOT_SHARED);
            return;
        }
        try {
            piece.getBytes(piece.readerIndex(), copied, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A caller who knows the length does not wait for the end: the next request may come before it.
        if (announced.isPresent() && announced.getAsLong() == copied.size()) {
            finish(copied);
        }
    }

    private void complete() {
        ByteArrayOutputStream copied = bytes;
        if (copied == null) {
            return;
        }
        if (announced.isPresent() && announced.getAsLong() != copied.size()) {
            end(Landing.ABANDONED);
            return;
        }
        finish(copied);
    }

    private void finish(ByteArrayOutputStream copied) {
        bytes = null;
        try {
            whole.accept(copied.toByteArray());
        } finally {
            budget.giveBack(copied.size());
        }
    }

    private void end(Landing how) {
        ByteArrayOutputStream copied = bytes;
        if (copied != null) {
            bytes = null;
            budget.giveBack(copied.size());
            broken.accept(how);
        }
    }
}
