package dev.sluice.webhook.signing;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An ed25519 key pair, version v1a: 32 bytes of seed, then 32 bytes of public key. */
public final class Ed25519Key implements SigningKey {

    public static final String PREFIX = "whsk_";
    public static final String PUBLIC_PREFIX = "whpk_";

    private static final String ALGORITHM = "Ed25519";
    private static final int SEED_BYTES = 32;
    private static final int PAIR_BYTES = 64;
    // RFC 8410: what stands before the 32 bytes of a public key in its X.509 form.
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] material;
    private final PrivateKey privateKey;

    private Ed25519Key(byte[] material) {
        if (material.length != PAIR_BYTES) {
            throw new IllegalArgumentException("secret must be 64 bytes, base64 after whsk_");
        }
        this.material = material;
        privateKey = privateKey(Arrays.copyOf(material, SEED_BYTES));
    }

    /** A new pair, out of the platform's own source for keys. */
    public static Ed25519Key generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] material = Arrays.copyOf(seed, PAIR_BYTES);
            System.arraycopy(encoded, X509_PREFIX.length, material, SEED_BYTES, PAIR_BYTES - SEED_BYTES);
            return new Ed25519Key(material);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** A pair whose halves are taken to belong together. */
    public static Ed25519Key of(byte[] material) {
        return new Ed25519Key(material.clone());
    }

    /**
     * Reads {@code whsk_} and padded standard base64, and proves that the public key belongs to the seed: with another one
     * receivers would refuse everything. The message of a refusal never holds the text.
     */
    public static Ed25519Key parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("secret must start with whsk_");
        }
        Ed25519Key key = new Ed25519Key(KeyText.decode(PREFIX, text));
        if (!key.verifiesItself()) {
            throw new IllegalArgumentException("secret must be a seed and the public key that belongs to it");
        }
        return key;
    }

    private static PrivateKey privateKey(byte[] seed) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private boolean verifiesItself() {
        try {
            byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PAIR_BYTES - SEED_BYTES);
            System.arraycopy(material, SEED_BYTES, encoded, X509_PREFIX.length, PAIR_BYTES - SEED_BYTES);
            PublicKey publicKey = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey);
            signature.update(X509_PREFIX);
            return signature.verify(sign(X509_PREFIX));
        } catch (GeneralSecurityException _) {
            // Not every 32 bytes are a point of the curve.
            return false;
        }
    }

    @Override
    public String version() {
        return "v1a";
    }

    @Override
    public byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw missing(e);
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

    /** What receivers verify with, 32 bytes. */
    public byte[] publicKey() {
        return Arrays.copyOfRange(material, SEED_BYTES, PAIR_BYTES);
    }

    /** What receivers verify with, as Standard Webhooks writes it. */
    public String publicText() {
        return PUBLIC_PREFIX + Base64.getEncoder().encodeToString(publicKey());
    }

    private static IllegalStateException missing(GeneralSecurityException cause) {
        return new IllegalStateException("every Java platform has Ed25519", cause);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ed25519Key key && MessageDigest.isEqual(material, key.material);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(material);
    }

    @Override
    public String toString() {
        return "Ed25519Key[" + publicText() + "]";
    }
}
