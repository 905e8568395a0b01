package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.RouteFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway that shuts down finishes what is under way. */
class ShutdownIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WEBSOCKET = String.join(
            "\r\n",
            "GET /ws/a HTTP/1.1",
            "Host: a",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            "");

    @Test
    void finishesTheStreamsInFlight() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                ConfigurableApplicationContext gateway = start()) {
            upstream.plays(peer -> {
                peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                stopping.await();
                peer.write("4\r\nrest\r\n0\r\n\r\n");
                peer.readToEnd();
            });
            gateway.getBean(RouteFixture.class)
                    .set(RouteDraft.of("shop", upstream.url()).route());
            int port = portOf(gateway);
            try (Wire wire = Wire.to(port)) {
                wire.send("GET /shop/a HTTP/1.1\r\nHost: a\r\n\r\n");
                wire.readUntil("half");
                Thread stop = Thread.ofVirtual().start(gateway::close);
                await("nobody new is let in").atMost(PATIENCE).until(() -> refuses(port));
                stopping.countDown();
                assertThat(wire.readToEnd()).endsWith("rest\r\n0\r\n\r\n");
                stop.join(PATIENCE);
                assertThat(stop.isAlive()).isFalse();
            }
        }
    }

    @Test
    void takesLeaveOfItsWebSockets() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                ConfigurableApplicationContext gateway = start()) {
            upstream.plays(peer -> {
                String key =
                        peer.readHead().split("(?i)sec-websocket-key: ", 2)[1].split("\r\n", 2)[0];
                peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + acceptOf(key) + "\r\n\r\n");
                peer.readToEnd();
            });
            gateway.getBean(RouteFixture.class)
                    .set(RouteDraft.of("ws", upstream.url()).route());
            try (Wire wire = Wire.to(portOf(gateway))) {
                wire.send(WEBSOCKET);
                assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101");
                Thread stop = Thread.ofVirtual().start(gateway::close);
                // A close frame (0x88) with code 1001 (0x03 0xe9).
                assertThat(wire.readToEnd()).startsWith("\u0088").contains("\u0003\u00e9");
                stop.join(Duration.ofSeconds(10));
                assertThat(stop.isAlive()).isFalse();
            }
        }
    }

    private static String acceptOf(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean refuses(int port) {
        try {
            Wire.to(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static int portOf(ConfigurableApplicationContext gateway) {
        return Integer.parseInt(gateway.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private static ConfigurableApplicationContext start() {
        return SpringApplication.run(
                ProxySlice.class,
                "--spring.autoconfigure.exclude=dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration",
                "--server.port=0",
                "--management.server.port=0",
                "--management.endpoint.health.validate-group-membership=false",
                "--sluice.internal.secret=0123456789abcdef0123456789abcdef");
    }
}
