package dev.sluice.platform.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A client that sends all it has before it reads gets the answer that refuses it, not a reset. */
@SpringBootTest(
        classes = ProbeApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"sluice.internal.secret=0123456789abcdef0123456789abcdef", "management.server.port=0"})
class RefusedBodyIT {

    private static final int SEND_BUFFER_BYTES = 32 * 1024;

    /** More than the buffers of both sides take, less than is not worth to be read. */
    private static final int BODY_BYTES = 7 << 20;

    /** Less than any request may have; who answers there has a limit of its own. */
    private static final int FORWARDED_BYTES = 1 << 20;

    /** Answered before any of it is read. */
    private static final int FAR_TOO_MANY_BYTES = 32 << 20;

    private static final int PATIENCE_MILLIS = 30_000;

    @LocalServerPort
    private int port;

    @Test
    void answersWhoSendsTooMuchBeforeReading() throws IOException {
        assertTooLarge("/things", BODY_BYTES);
    }

    @Test
    void answersWhoSendsTooMuchForAHandler() throws IOException {
        assertTooLarge("/things/unread", FORWARDED_BYTES);
    }

    @Test
    void answersWhoSendsFarTooMuchBeforeReading() throws IOException {
        assertTooLarge("/things", FAR_TOO_MANY_BYTES);
    }

    private void assertTooLarge(String path, int bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSendBufferSize(SEND_BUFFER_BYTES);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(("POST " + path
                                    + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                    + bytes + "\r\n\r\n")
                            .getBytes(ISO_8859_1));
            byte[] piece = new byte[SEND_BUFFER_BYTES];
            for (int sent = 0; sent < bytes; sent += piece.length) {
                socket.getOutputStream().write(piece);
            }
            byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 413".length());
            assertThat(new String(line, ISO_8859_1)).isEqualTo("HTTP/1.1 413");
        }
    }
}
