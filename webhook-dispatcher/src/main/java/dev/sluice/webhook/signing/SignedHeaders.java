package dev.sluice.webhook.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The three headers of Standard Webhooks 1.0.0. Signed is {@code id.timestamp.body}, the timestamp in whole seconds of
 * the attempt; every key gives one signature, so that a receiver with the old or the new secret accepts the request.
 */
public record SignedHeaders(String id, String timestamp, String signature) {

    public static final String ID = "webhook-id";
    public static final String TIMESTAMP = "webhook-timestamp";
    public static final String SIGNATURE = "webhook-signature";

    /**
     * Signs one attempt.
     *
     * @param keys the current key first, then those that are still accepted
     */
    public static SignedHeaders sign(List<? extends SigningKey> keys, String id, Instant at, byte[] body) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys must not be empty");
        }
        if (id.isEmpty() || id.indexOf('.') >= 0) {
            throw new IllegalArgumentException("id must not be empty or contain a dot");
        }
        String timestamp = Long.toString(at.getEpochSecond());
        byte[] content = content(id, timestamp, body);
        String signature = keys.stream()
                .map(key -> key.version() + "," + Base64.getEncoder().encodeToString(key.sign(content)))
                .collect(Collectors.joining(" "));
        return new SignedHeaders(id, timestamp, signature);
    }

    private static byte[] content(String id, String timestamp, byte[] body) {
        byte[] prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(prefix, prefix.length + body.length);
        System.arraycopy(body, 0, content, prefix.length, body.length);
        return content;
    }
}
