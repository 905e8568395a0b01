package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Requests that two servers could take for different ones are refused byte by byte, and the connection is closed. */
class BadFramingIT {

    private enum Doubtful {
        LENGTH,
        NOTHING
    }

    /**
     * @param doubtful whether it is not clear where the request ends
     */
    private record Bad(String name, int status, Doubtful doubtful, String request) {}

    private static final Client ADMIN = Platform.shared().client("admin");
    private static final int PATIENCE_MILLIS = 15_000;
    private static final String HEAD =
            "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\n";
    private static final String OLD_HEAD = HEAD.replace("HTTP/1.1", "HTTP/1.0");
    /** Must not be taken for a request of its own where it is not clear that it is one. */
    private static final String BEHIND = "GET / HTTP/1.1\r\nHost: smuggled\r\nConnection: close\r\n\r\n";

    private static final String CHUNKED = "\r\n\r\n2\r\n{}\r\n0\r\n\r\n";

    private static final List<Bad> BAD = List.of(
            new Bad(
                    "length and coding",
                    400,
                    Doubtful.LENGTH,
                    HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked" + CHUNKED),
            new Bad(
                    "the same in 1.0",
                    400,
                    Doubtful.LENGTH,
                    OLD_HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked" + CHUNKED),
            new Bad(
                    "coding behind chunked",
                    400,
                    Doubtful.LENGTH,
                    HEAD + "Transfer-Encoding: chunked, xchunked" + CHUNKED),
            new Bad("coding before chunked", 400, Doubtful.LENGTH, HEAD + "Transfer-Encoding: gzip, chunked" + CHUNKED),
            new Bad("folded coding", 400, Doubtful.LENGTH, HEAD + "Transfer-Encoding:\r\n chunked" + CHUNKED),
            new Bad(
                    "two codings",
                    400,
                    Doubtful.LENGTH,
                    HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + CHUNKED),
            new Bad("space before the colon", 400, Doubtful.LENGTH, HEAD + "Transfer-Encoding : chunked" + CHUNKED),
            new Bad("unknown coding", 400, Doubtful.LENGTH, HEAD + "Transfer-Encoding: xchunked" + CHUNKED),
            new Bad("two lengths", 400, Doubtful.LENGTH, HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
            new Bad("list of lengths", 400, Doubtful.LENGTH, HEAD + "Content-Length: 2, 2\r\n\r\n{}"),
            new Bad("signed length", 400, Doubtful.LENGTH, HEAD + "Content-Length: +2\r\n\r\n{}"),
            new Bad("negative length", 400, Doubtful.LENGTH, HEAD + "Content-Length: -1\r\n\r\n{}"),
            new Bad("huge length", 413, Doubtful.LENGTH, HEAD + "Content-Length: 2147483648\r\n\r\n{}"),
            new Bad(
                    "chunk size in C",
                    400,
                    Doubtful.LENGTH,
                    HEAD + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n"),
            new Bad(
                    "negative chunk",
                    400,
                    Doubtful.LENGTH,
                    HEAD + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
            new Bad("no host", 400, Doubtful.NOTHING, "GET /api/v1/limits HTTP/1.1\r\n\r\n"),
            new Bad("two hosts", 400, Doubtful.NOTHING, "GET /api/v1/limits HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            new Bad(
                    "another server",
                    400,
                    Doubtful.NOTHING,
                    "GET http://other/api/v1/limits HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad(
                    "NUL in a header",
                    400,
                    Doubtful.NOTHING,
                    "GET /api/v1/limits HTTP/1.1\r\nHost: a\r\nX-A: a\u0000b\r\n\r\n"),
            new Bad(
                    "CR in a header",
                    400,
                    Doubtful.NOTHING,
                    "GET /api/v1/limits HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n"),
            new Bad(
                    "folded header",
                    400,
                    Doubtful.LENGTH,
                    "GET /api/v1/limits HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b: c\r\n\r\n"),
            new Bad("space in the target", 400, Doubtful.NOTHING, "GET /api/v1/ limits HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad("broken escape", 400, Doubtful.NOTHING, "GET /api/v1/%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad("tunnel", 405, Doubtful.NOTHING, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad("trace", 405, Doubtful.NOTHING, "TRACE /api/v1/limits HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad("unknown method", 405, Doubtful.NOTHING, "BREW /api/v1/limits HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad("other version", 505, Doubtful.NOTHING, "GET /api/v1/limits HTTP/9.9\r\nHost: a\r\n\r\n"),
            new Bad("unknown expectation", 417, Doubtful.NOTHING, HEAD + "Expect: foo\r\nContent-Length: 2\r\n\r\n{}"),
            new Bad("long line", 414, Doubtful.NOTHING, "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
            new Bad(
                    "long headers",
                    431,
                    Doubtful.NOTHING,
                    "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + "a".repeat(9_000) + "\r\n\r\n"),
            new Bad("HTTP/1.0", 401, Doubtful.NOTHING, "GET /api/v1/limits HTTP/1.0\r\n\r\n"));

    /** All at once: after most refusals the server waits a while for what is still on its way before it closes. */
    @Test
    void refusesWhatTwoServersCouldReadDifferently() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<Bad, Future<String>> answers = new LinkedHashMap<>();
            BAD.forEach(bad -> answers.put(bad, threads.submit(() -> exchange(bad.request() + BEHIND))));
            for (Map.Entry<Bad, Future<String>> answer : answers.entrySet()) {
                String text = answer.getValue().get();
                Bad bad = answer.getKey();
                assertThat(text).as(bad.name()).startsWith("HTTP/");
                assertThat(text.lines().findFirst().orElseThrow())
                        .as(bad.name())
                        .contains(" " + bad.status() + " ");
                assertThat(text).as(bad.name()).doesNotContain("Exception", "dev.sluice", "springframework");
                if (bad.doubtful() == Doubtful.LENGTH) {
                    assertThat(text).as(bad.name()).doesNotContain("200 OK");
                }
            }
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        String two =
                "GET /api/v1/one HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertThat(exchange(two)).matches("(?s)HTTP/1\\.1 401 .*HTTP/1\\.1 200 .*");
    }

    /** Everything until the server closes the connection; a server that keeps it open fails the test. */
    private static String exchange(String request) throws IOException {
        URI gateway = ADMIN.gateway();
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String withKey = request.replace("KEY", ADMIN.key());
            socket.getOutputStream().write(withKey.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
