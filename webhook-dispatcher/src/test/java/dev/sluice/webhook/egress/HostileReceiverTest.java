package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Receivers whose answers are damaged, or meant to do damage. Each has an outcome that its owner sees, in bounded time; and over a connection
 * that was damaged nothing is sent any more: what is left in it would be taken for the answer to the next request.
 */
class HostileReceiverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] BODY = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";
    /** What a request over a new connection is answered, and one over the connection of the first. */
    private static final String ANEW = "418";

    private static final String REUSED = "503";

    private final EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
    private final WebhookClient client = new WebhookClient(
            policy, new UrlRules(policy, Set.of(443), Set.of()), WebhookClientTest.properties(Duration.ofSeconds(2)));

    @AfterEach
    void close() {
        client.close();
    }

    static Stream<Arguments> damage() {
        return Stream.of(
                damage(
                        "length and chunks at once",
                        HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "protocol"),
                damage("two lengths", HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok", "protocol"),
                damage("a negative length", HEAD + "Content-Length: -1\r\n\r\nok", "protocol"),
                damage("a length that is none", HEAD + "Content-Length: 2x\r\n\r\nok", "protocol"),
                damage("a chunk without a size", HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n", "200"),
                damage("a chunk that is cut", HEAD + "Transfer-Encoding: chunked\r\n\r\nff\r\nok", "200"),
                damage(
                        "a huge chunk extension",
                        HEAD + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(100_000) + "\r\n",
                        "200"),
                damage("a body that is short", HEAD + "Content-Length: 5\r\n\r\nok", "200"),
                damage(
                        "an answer that nobody asked for",
                        HEAD + "Content-Length: 2\r\n\r\nok" + HEAD + "Content-Length: 6\r\n\r\nforged",
                        "200"),
                damage("a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", "protocol"),
                damage("a status that is no number", "HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n", "protocol"),
                damage("a status below all", "HTTP/1.1 -200 OK\r\nContent-Length: 0\r\n\r\n", "protocol"),
                damage("another protocol", "ICY 200 OK\r\n\r\n", "protocol"),
                damage("no version", "200 OK\r\n\r\n", "protocol"),
                damage("a header without a name", HEAD + ": x\r\nContent-Length: 0\r\n\r\n", "protocol"),
                damage("a header with a zero", HEAD + "X: a\0b\r\nContent-Length: 0\r\n\r\n", "protocol"),
                damage("very many headers", HEAD + "a: b\r\n".repeat(5_000) + "\r\n", "protocol"),
                damage(
                        "another protocol by agreement",
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                        "protocol"),
                damage("interim answers and then none", "HTTP/1.1 100 Continue\r\n\r\n".repeat(20), "timeout"));
    }

    private static Arguments damage(String what, String answer, String outcome) {
        return Arguments.of(what, answer, outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damage")
    void hasAnOutcomeAndEndsTheConnection(String what, String answer, String outcome) throws Exception {
        try (Server server = new Server(answer, 0)) {
            assertThat(post(server)).as(what).isEqualTo(outcome);
            assertThat(post(server)).as("the next request after " + what).isEqualTo(ANEW);
        }
    }

    @Test
    void whatIsSoundKeepsItsConnection() throws Exception {
        for (String sound : List.of(
                HEAD + "Content-Length: 2\r\n\r\nok",
                HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n" + HEAD + "Content-Length: 2\r\n\r\nok",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + "Content-Length: 2\r\n\r\nok",
                "HTTP/1.1 204 No Content\r\n\r\n")) {
            // The next request may be quicker than the way of the connection back to where it is kept.
            assertThat(IntStream.range(0, 10).mapToObj(i -> next(sound)))
                    .as("the next request after " + sound)
                    .contains(REUSED);
        }
    }

    private String next(String sound) {
        try (Server server = new Server(sound, 0)) {
            assertThat(post(server)).as(sound).startsWith("20");
            return post(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void interimAnswersWithoutEndAreBroken() throws Exception {
        try (Server server = new Server("HTTP/1.1 102 Processing\r\n\r\n", Integer.MAX_VALUE)) {
            assertThat(post(server)).isEqualTo("protocol");
        }
    }

    @Test
    void aConnectionThatIsResetIsClosed() throws Exception {
        for (String begin : List.of("", "HTTP/1.1 2", HEAD, HEAD + "Content-Length: 5\r\n")) {
            try (Server server = new Server(begin, -1)) {
                assertThat(post(server)).as("reset after " + begin).isEqualTo("closed");
                assertThat(post(server)).isEqualTo(ANEW);
            }
        }
        try (Server server = new Server(HEAD + "Content-Length: 5\r\n\r\nok", -1)) {
            assertThat(post(server))
                    .as("its status was said, if it came before the reset")
                    .isIn("200", "closed");
        }
    }

    /** The status, or what was missing. */
    private String post(Server server) {
        Answer answer = Optional.ofNullable(client.post(
                                "http://127.0.0.1:" + server.port() + "/hook", headers -> {}, BODY, Optional.empty())
                        .block(PATIENCE))
                .orElseThrow()
                .answer();
        return switch (answer) {
            case Answer.Received received -> Integer.toString(received.status());
            case Answer.Missing missing -> missing.failure().code();
        };
    }

    /** Answers the first request as it is told and leaves the connection open, and the next ones by where they come from. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String answer;
        private final int more;
        private final AtomicInteger connections = new AtomicInteger();

        /** @param more how often the answer is repeated; -1 for a reset instead */
        Server(String answer, int more) throws IOException {
            this.answer = answer;
            this.more = more;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    boolean first = connections.incrementAndGet() == 1;
                    Thread.ofVirtual().start(() -> serve(socket, first));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void serve(Socket socket, boolean first) {
            try (socket) {
                if (first) {
                    readRequest(socket.getInputStream());
                    begin(socket);
                }
                while (readRequest(socket.getInputStream())) {
                    write(socket, "HTTP/1.1 " + (first ? REUSED : ANEW) + " X\r\nContent-Length: 0\r\n\r\n");
                }
            } catch (IOException _) {
                // The client went away, which is what it should do.
            }
        }

        private void begin(Socket socket) throws IOException {
            write(socket, answer);
            if (more < 0) {
                reset(socket);
                return;
            }
            for (int i = 0; i < more; i++) {
                write(socket, answer);
            }
        }

        private static void reset(Socket socket) throws SocketException, IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private static void write(Socket socket, String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        private static boolean readRequest(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                head.append((char) next);
            }
            return in.readNBytes(BODY.length).length == BODY.length;
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
