package dev.sluice.platform.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LocalRedisIT {

    @Test
    void sharesOneRedisThatAnswers() throws IOException {
        assertThat(LocalRedis.shared()).isSameAs(LocalRedis.shared());
        assertThat(ping(LocalRedis.shared().host(), LocalRedis.shared().port())).isEqualTo('+');
    }

    @Test
    void isolatedRedisCanBePausedKilledAndStartedAgainOnItsPort() throws IOException {
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            redis.pause();
            assertThatThrownBy(() -> ping(redis.host(), redis.port())).isInstanceOf(SocketTimeoutException.class);
            redis.resume();
            assertThat(ping(redis.host(), redis.port())).isEqualTo('+');
            redis.kill();
            assertThatThrownBy(() -> ping(redis.host(), redis.port())).isInstanceOf(ConnectException.class);
            redis.start();
            assertThat(ping(redis.host(), redis.port())).isEqualTo('+');
        }
    }

    private static int ping(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read();
        }
    }
}
