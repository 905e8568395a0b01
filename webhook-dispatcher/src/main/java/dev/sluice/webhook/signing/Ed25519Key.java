package dev.sluice.webhook.signing;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** An ed25519 key pair, version v1a: 32 bytes of seed, then 32 bytes of public key. */
public final class Ed25519Key implements SigningKey {

    public static final String PREFIX = "whsk_";
    public static final String PUBLIC_PREFIX = "whpk_";

    private static final String ALGORITHM = "Ed25519";
    private static final int SEED_BYTES = 32;
    private static final int PAIR_BYTES = 64;

    private final byte[] material;
    private final PrivateKey privateKey;

    private Ed25519Key(byte[] material) {
        if (material.length != PAIR_BYTES) {
            throw new IllegalArgumentException("key must be 64 bytes, base64 after whsk_");
        }
        this.material = material;
        privateKey = privateKey(Arrays.copyOf(material, SEED_BYTES));
    }

    public static Ed25519Key of(byte[] material) {
        return new Ed25519Key(material.clone());
    }

    public static Ed25519Key parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("key must start with whsk_");
        }
        return new Ed25519Key(Base64.getDecoder().decode(text.substring(PREFIX.length())));
    }

    private static PrivateKey privateKey(byte[] seed) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
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
            throw new IllegalStateException("every Java platform has Ed25519", e);
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

    /** What receivers verify with. */
    public String publicText() {
        return PUBLIC_PREFIX + Base64.getEncoder().encodeToString(Arrays.copyOfRange(material, SEED_BYTES, PAIR_BYTES));
    }

    @Override
    public String toString() {
        return "Ed25519Key[" + publicText() + "]";
    }
}
