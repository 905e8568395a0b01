package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A client that asks again as soon as it has its answer, on one connection, always gets the next one. */
@SpringBootTest(
        classes = ProbeApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"sluice.internal.secret=0123456789abcdef0123456789abcdef", "management.server.port=0"})
class EventLoopWritesIT {
    private static final int ROUNDS = 3_000;

    @LocalServerPort
    private int port;

    @Test
    void answersFromOtherThreadsDoNotStopAKeptAliveConnection() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(get(client, "/elsewhere")).isEqualTo(200);
                assertThat(get(client, "/things/1")).isEqualTo(200);
                assertThat(get(client, "/nothing")).isEqualTo(404);
            }
        }
    }

    private int get(HttpClient client, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(1))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }
}
