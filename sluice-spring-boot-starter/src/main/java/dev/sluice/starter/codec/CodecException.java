package dev.sluice.starter.codec;

import org.jspecify.annotations.Nullable;

/** A value that cannot be made bytes of, or bytes that no value can be made of. Callers of a cache never see it. */
public final class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        this(message, null);
    }

    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
