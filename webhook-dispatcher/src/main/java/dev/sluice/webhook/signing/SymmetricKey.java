package dev.sluice.webhook.signing;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An HMAC-SHA256 key, version v1: 24 to 64 random bytes (Standard Webhooks 1.0.0, "Signature scheme"). */
public final class SymmetricKey implements SigningKey {

    public static final String PREFIX = "whsec_";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;
    private static final int GENERATED_BYTES = 32;

    private final byte[] material;
    /** Never used itself. */
    private volatile @Nullable Mac prepared;

    private SymmetricKey(byte[] material) {
        if (material.length < MIN_BYTES || material.length > MAX_BYTES) {
            throw new IllegalArgumentException("secret must be 24 to 64 bytes, base64 after whsec_");
        }
        this.material = material;
    }

    /** A new key of 32 bytes from a source that is fit for keys. */
    public static SymmetricKey generate(RandomGenerator random) {
        byte[] material = new byte[GENERATED_BYTES];
        random.nextBytes(material);
        return new SymmetricKey(material);
    }

    public static SymmetricKey of(byte[] material) {
        return new SymmetricKey(material.clone());
    }

    /** Reads {@code whsec_} and padded standard base64. The message of a refusal never holds the text. */
    public static SymmetricKey parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("secret must start with whsec_");
        }
        return new SymmetricKey(KeyText.decode(PREFIX, text));
    }

    @Override
    public String version() {
        return "v1";
    }

    @Override
    public byte[] sign(byte[] content) {
        return begun().doFinal(content);
    }

    /** One that has taken the key, a copy for each call: looking for the algorithm and taking the key cost as much as a short content. */
    private Mac begun() {
        Mac first = prepared;
        try {
            if (first == null) {
                first = Mac.getInstance(ALGORITHM);
                first.init(new SecretKeySpec(material, ALGORITHM));
                prepared = first;
            }
            return (Mac) first.clone();
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public byte[] material() {
        return material.clone();
    }

    @Override
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(material);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SymmetricKey key && MessageDigest.isEqual(material, key.material);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(material);
    }

    @Override
    public String toString() {
        return "SymmetricKey[…]";
    }
}
