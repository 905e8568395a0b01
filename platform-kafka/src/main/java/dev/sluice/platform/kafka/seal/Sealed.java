package dev.sluice.platform.kafka.seal;

import java.nio.ByteBuffer;

/**
 * A sealed secret as it stands in records.
 *
 * @param keyId which key opens it
 * @param ciphertext with the tag at its end
 */
public record Sealed(String keyId, ByteBuffer nonce, ByteBuffer ciphertext) {}
