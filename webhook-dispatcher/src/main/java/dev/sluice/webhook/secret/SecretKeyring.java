package dev.sluice.webhook.secret;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.kafka.seal.Sealed;
import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.SealedWebhookHeader;
import dev.sluice.record.SignatureScheme;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals signing keys for the log and opens them again. A secret belongs to {@code tenant|endpoint id}: copied to another
 * endpoint it does not open. Thread-safe.
 */
public final class SecretKeyring {

    private static final Logger LOG = LoggerFactory.getLogger(SecretKeyring.class);

    private final Keyring ring;

    /**
     * A keyring of these keys.
     *
     * @param keys by id; the first one seals, all of them open
     * @param random a source fit for nonces
     */
    public SecretKeyring(Map<String, SecretKey> keys, RandomGenerator random) {
        this.ring = new Keyring(keys, random);
    }

    public SealedSecret seal(SigningKey secret, String tenant, String endpointId, Instant now) {
        Sealed sealed = ring.seal(secret.material(), place(tenant, endpointId));
        return SealedSecret.newBuilder()
                .setScheme(schemeOf(secret))
                .setKeyId(sealed.keyId())
                .setNonce(sealed.nonce())
                .setCiphertext(sealed.ciphertext())
                .setCreatedAt(now)
                .build();
    }

    /**
     * What signs for an endpoint at this moment. A secret that cannot be opened is left out, and said in the log: while
     * another is in force, receivers still find a signature that they can verify.
     *
     * @throws UnopenableSecretException when secrets are in force, but none of them can be opened
     */
    public List<SigningKey> openAll(WebhookEndpoint endpoint, Instant now) {
        return credentials(endpoint, now, Map.of()).keys(now);
    }

    /**
     * What signs for an endpoint from this moment on, as {@link #openAll} has it, and the headers that are added to its requests.
     *
     * @throws UnopenableSecretException when none of its secrets that are in force can be opened, or one of its headers cannot
     */
    public Credentials credentials(WebhookEndpoint endpoint, Instant now) {
        return credentials(endpoint, now, openHeaders(endpoint));
    }

    private Credentials credentials(WebhookEndpoint endpoint, Instant now, Map<String, String> headers) {
        List<Credentials.Term> opened = new ArrayList<>();
        UnopenableSecretException last = null;
        for (SealedSecret secret : endpoint.getSecrets()) {
            Instant expiry = secret.getExpiresAt();
            if (expiry != null && !expiry.isAfter(now)) {
                continue;
            }
            try {
                opened.add(new Credentials.Term(open(secret, endpoint.getTenant(), endpoint.getId()), expiry));
            } catch (UnopenableSecretException e) {
                LOG.error("a secret of endpoint {} cannot be opened: {}", endpoint.getId(), e.getMessage());
                last = e;
            }
        }
        if (opened.isEmpty() && last != null) {
            throw last;
        }
        return new Credentials(opened, headers);
    }

    /**
     * The signing key in clear.
     *
     * @throws UnopenableSecretException when its key is not on the ring or it was changed or moved
     */
    public SigningKey open(SealedSecret sealed, String tenant, String endpointId) {
        byte[] material = ring.open(
                new Sealed(sealed.getKeyId(), sealed.getNonce(), sealed.getCiphertext()), place(tenant, endpointId));
        return switch (sealed.getScheme()) {
            case V1 -> SymmetricKey.of(material);
            case V1A -> Ed25519Key.of(material);
            case UNKNOWN -> throw new UnopenableSecretException("unknown signature scheme", null);
        };
    }

    /** Seals the value of a header that is added to each request to an endpoint. */
    public SealedWebhookHeader sealHeader(String name, String value, String tenant, String endpointId) {
        Sealed sealed = ring.seal(value.getBytes(StandardCharsets.UTF_8), place(tenant, endpointId, name));
        return new SealedWebhookHeader(sealed.keyId(), sealed.nonce(), sealed.ciphertext());
    }

    /**
     * The headers that are added to each request to an endpoint, in clear.
     *
     * @throws UnopenableSecretException when one of them cannot be opened: without it the receiver would refuse
     */
    public Map<String, String> openHeaders(WebhookEndpoint endpoint) {
        Map<String, String> headers = new HashMap<>(endpoint.getHeaders());
        endpoint.getSealedHeaders().forEach((name, header) -> {
            Sealed sealed = new Sealed(header.getKeyId(), header.getNonce(), header.getCiphertext());
            byte[] value = ring.open(sealed, place(endpoint.getTenant(), endpoint.getId(), name));
            headers.put(name, new String(value, StandardCharsets.UTF_8));
        });
        return headers;
    }

    /** The id of the key that seals. */
    public String currentId() {
        return ring.currentId();
    }

    /** The ids of the keys that have sealed what an endpoint keeps, one for each thing. */
    public static List<String> keyIds(WebhookEndpoint endpoint) {
        return Stream.concat(
                        endpoint.getSecrets().stream().map(SealedSecret::getKeyId),
                        endpoint.getSealedHeaders().values().stream().map(SealedWebhookHeader::getKeyId))
                .toList();
    }

    /** Whether the current key has sealed all that an endpoint keeps. */
    public boolean isCurrent(WebhookEndpoint endpoint) {
        return keyIds(endpoint).stream().allMatch(currentId()::equals);
    }

    /** Whether everything that an endpoint keeps can be opened. */
    public boolean opens(WebhookEndpoint endpoint) {
        try {
            endpoint.getSecrets().forEach(secret -> open(secret, endpoint.getTenant(), endpoint.getId()));
            openHeaders(endpoint);
            return true;
        } catch (UnopenableSecretException _) {
            return false;
        }
    }

    /**
     * The endpoint with all that it keeps sealed by the current key, and without secrets that sign no more.
     *
     * @throws UnopenableSecretException when something of it cannot be opened
     */
    public WebhookEndpoint resealed(WebhookEndpoint endpoint, Instant now) {
        String tenant = endpoint.getTenant();
        String id = endpoint.getId();
        List<SealedSecret> secrets = endpoint.getSecrets().stream()
                .filter(secret ->
                        secret.getExpiresAt() == null || secret.getExpiresAt().isAfter(now))
                .map(secret -> {
                    SealedSecret sealed = seal(open(secret, tenant, id), tenant, id, secret.getCreatedAt());
                    sealed.setExpiresAt(secret.getExpiresAt());
                    return sealed;
                })
                .toList();
        Map<String, String> clear = openHeaders(endpoint);
        Map<String, SealedWebhookHeader> headers = new HashMap<>();
        endpoint.getSealedHeaders()
                .keySet()
                .forEach(name -> headers.put(name, sealHeader(name, clear.getOrDefault(name, ""), tenant, id)));
        return WebhookEndpoint.newBuilder(endpoint)
                .setSecrets(secrets)
                .setSealedHeaders(headers)
                .build();
    }

    /** The version that a key signs in. */
    public static SignatureScheme schemeOf(SigningKey secret) {
        return switch (secret) {
            case SymmetricKey _ -> SignatureScheme.V1;
            case Ed25519Key _ -> SignatureScheme.V1A;
        };
    }

    private static String place(String tenant, String endpointId) {
        return tenant + "|" + endpointId;
    }

    private static String place(String tenant, String endpointId, String header) {
        return place(tenant, endpointId) + "|header|" + header.toLowerCase(Locale.ROOT);
    }
}
