package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code ./sluice node} starts beside the platform is one cache with it, and knows its keys. */
class SecondNodeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int OFFSET = 10;

    private final Platform platform = Platform.shared();
    private final Path output = Path.of("target", "second-node.log").toAbsolutePath();
    private final Process node = platform.startNode(OFFSET, output);

    @AfterEach
    void stop() throws InterruptedException {
        node.destroy();
        node.waitFor();
    }

    @Test
    void answersWhatTheOtherHasWrittenAndForgetsWhatTheOtherHas() {
        Client first = platform.client("unlimited");
        URI address = platform.gateway();
        Client second =
                new Client(URI.create("http://" + address.getHost() + ":" + (address.getPort() + OFFSET)), first.key());
        String key = "/api/v1/cache/namespaces/e2e/keys/" + UUID.randomUUID();
        await().atMost(PATIENCE)
                .failFast("see " + output, () -> !node.isAlive())
                .ignoreExceptions()
                .until(() -> second.get(key).status() == 404);
        assertThat(first.send("PUT", key, "text/plain", "one").status()).isEqualTo(201);
        await().atMost(PATIENCE).until(() -> second.get(key).text().equals("one"));
        assertThat(second.send("PUT", key, "text/plain", "two").status()).isEqualTo(204);
        await().atMost(PATIENCE).until(() -> first.get(key).text().equals("two"));
        assertThat(first.send("DELETE", key, "text/plain", "").status()).isEqualTo(204);
        await().atMost(PATIENCE).until(() -> second.get(key).status() == 404);
    }
}
