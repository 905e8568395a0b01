package dev.sluice.standalone.state;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the services must share and nobody else may know; made once per state folder.
 *
 * @param internal signs the identity that the gateway hands to the other services
 * @param webhookKey encrypts webhook secrets on their topic, base64 of 256 bits
 * @param adminKey the API key that makes all others
 */
public record Secrets(String internal, String webhookKey, String adminKey) {

    private static final int SECRET_BYTES = 32;

    public static Secrets loadOrCreate(StateFolder folder, RandomGenerator random, Supplier<String> adminKey)
            throws IOException {
        if (Files.exists(folder.secretsFile())) {
            return load(folder);
        }
        Secrets created = new Secrets(
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(random)),
                Base64.getEncoder().encodeToString(bytes(random)),
                adminKey.get());
        PrivateFile.write(folder.secretsFile(), Json.MAPPER.writeValueAsBytes(created));
        return created;
    }

    /** Those of a platform that has been started. */
    public static Secrets load(StateFolder folder) {
        return Json.MAPPER.readValue(folder.secretsFile().toFile(), Secrets.class);
    }

    private static byte[] bytes(RandomGenerator random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "Secrets[hidden]";
    }
}
