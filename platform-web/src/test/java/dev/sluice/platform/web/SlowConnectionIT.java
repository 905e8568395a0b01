package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A client that keeps a connection and says nothing, or not all, is let go; a read here blocks until it is. */
@SpringBootTest(
        classes = ProbeApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
            "management.server.port=0",
            "sluice.web.idle-timeout=300ms",
            "sluice.web.read-timeout=300ms",
            "sluice.web.request-timeout=600ms"
        })
class SlowConnectionIT {

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /thi", "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-Half"})
    void closesAConnectionThatDoesNotFinishItsHead(String sent) throws IOException {
        assertThat(untilClosed(sent)).doesNotContain(" 200 ");
    }

    @Test
    void closesAConnectionThatStaysIdleAfterAnAnswer() throws IOException {
        assertThat(untilClosed("GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void tellsAClientWhoseBodyDoesNotCome() throws IOException {
        String sent =
                "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
        assertThat(untilClosed(sent)).startsWith("HTTP/1.1 408").contains("request_timeout");
    }

    private String untilClosed(String sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
