package dev.sluice.platform.kafka.seal;

import org.jspecify.annotations.Nullable;

/** A sealed secret cannot be opened with the keys at hand. */
public final class UnopenableSecretException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnopenableSecretException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
