package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Framing, targets and headers that implementations read differently, sent byte by byte. */
@SpringBootTest(
        classes = ProbeApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
            "management.server.port=0",
            "sluice.web.max-body-size=1KB"
        })
class HostileRequestIT {

    private static final String CHUNKED = "2\r\n{}\r\n0\r\n\r\n";

    @LocalServerPort
    private int port;

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "length and coding", 400, post("Content-Length: 2\r\nTransfer-Encoding: chunked", CHUNKED)),
                Arguments.of("coding that is not last", 400, post("Transfer-Encoding: chunked, xchunked", CHUNKED)),
                Arguments.of("coding before chunked", 400, post("Transfer-Encoding: gzip, chunked", CHUNKED)),
                Arguments.of("two codings", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", CHUNKED)),
                Arguments.of("unknown coding", 400, post("Transfer-Encoding: xchunked", CHUNKED)),
                Arguments.of("two lengths", 400, post("Content-Length: 2\r\nContent-Length: 3", "{}")),
                Arguments.of("signed length", 400, post("Content-Length: +2", "{}")),
                Arguments.of("negative length", 400, post("Content-Length: -1", "{}")),
                Arguments.of("huge length", 413, post("Content-Length: 2147483648", "{}")),
                Arguments.of("length over the limit", 413, post("Content-Length: 1025", "")),
                Arguments.of("folded header", 400, "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n"),
                Arguments.of("no host", 400, "GET /things/1 HTTP/1.1\r\n\r\n"),
                Arguments.of("two hosts", 400, "GET /things/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                Arguments.of("absolute target", 400, get("http://other/things/1")),
                Arguments.of("unknown method", 405, "BREW /things/1 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("trace", 405, "TRACE /things/1 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("wrong method", 405, "PUT /things HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
                Arguments.of("unknown expectation", 417, post("Expect: foo\r\nContent-Length: 2", "{}")),
                Arguments.of("compressed body", 415, post("Content-Encoding: gzip\r\nContent-Length: 2", "{}")),
                Arguments.of(
                        "other media type",
                        415,
                        "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\n{}"),
                Arguments.of("encoded slash", 400, get("/things/a%2fb")),
                Arguments.of("encoded null", 400, get("/things/a%00b")),
                Arguments.of("dot segments", 400, get("/things/%2e%2e/x")),
                Arguments.of("bytes that are no text", 400, get("/things/%ff%fe")),
                Arguments.of("path parameter", 400, get("/things/a;b=c")),
                Arguments.of("fragment", 400, get("/things/a#b")),
                Arguments.of("fragment in the query", 400, get("/things/a?b#c")),
                Arguments.of("bytes beyond ASCII", 400, get("/things/\u00c3\u00a4")),
                Arguments.of("slash at the end", 400, get("/things/1/")),
                Arguments.of("long line", 414, get("/things/" + "a".repeat(5_000))),
                Arguments.of(
                        "long headers",
                        431,
                        "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-A: " + "a".repeat(9_000) + "\r\n\r\n"),
                Arguments.of("nothing there", 404, get("/nowhere")),
                Arguments.of(
                        "other form asked for", 406, "GET /things/1 HTTP/1.1\r\nHost: a\r\nAccept: image/png\r\n\r\n"),
                Arguments.of("other version", 505, "GET /things/1 HTTP/9.9\r\nHost: a\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String name, int status, String request) throws IOException {
        assertThat(RawHttp.exchange(port, request)).as(name).matches("(?s)HTTP/[0-9.]+ " + status + " .*");
    }

    @Test
    void answersWithAProblemThatNamesTheRequest() throws IOException {
        String answer = RawHttp.exchange(port, "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc-1\r\n\r\n");
        assertThat(answer)
                .contains("application/problem+json", "\"requestId\":\"abc-1\"", "\"code\":\"not_found\"")
                .containsIgnoringCase("X-Request-Id: abc-1")
                .containsIgnoringCase("X-Content-Type-Options: nosniff");
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of(414, "uri_too_long", "url", "at most 4096 bytes", get("/things/" + "a".repeat(5_000))),
                Arguments.of(
                        431,
                        "headers_too_large",
                        "headers",
                        "at most 8192 bytes",
                        "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-A: " + "a".repeat(9_000) + "\r\n\r\n"),
                Arguments.of(
                        400,
                        "invalid_request",
                        "request",
                        "cannot be read",
                        "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n"));
    }

    /** The server itself answers what it cannot read, before anything of ours sees it. */
    @ParameterizedTest(name = "{1}")
    @MethodSource
    void unreadable(int status, String code, String field, String remedy, String request) throws IOException {
        assertThat(RawHttp.exchange(port, request))
                .startsWith("HTTP/1.1 " + status)
                .contains("\"code\":\"" + code + "\"", "\"field\":\"" + field + "\"", remedy, "\"requestId\":\"")
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("connection: close")
                .containsIgnoringCase("X-Content-Type-Options: nosniff")
                // Nothing of what was sent; an id of 32 hexadecimal digits may have some in a row.
                .doesNotContain("a".repeat(33), "Exception");
    }

    /** WebFlux has no URI of it to lead anywhere. */
    @ParameterizedTest
    @ValueSource(strings = {"/things/a%z", "/things/%zz", "/things/a?b=%2", "/things/a|b", "/nowhere/%"})
    void saysWhatIsWrongWithATargetThatIsNoUri(String target) throws IOException {
        assertThat(RawHttp.exchange(port, get(target)))
                .startsWith("HTTP/1.1 400")
                .contains(
                        "\"code\":\"invalid_path\"", "\"field\":\"path\"", "two hexadecimal digits", "\"requestId\":\"")
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("X-Content-Type-Options: nosniff");
        assertThat(RawHttp.exchange(port, get(target).replace("GET", "HEAD")))
                .startsWith("HTTP/1.1 400")
                .endsWith("\r\n\r\n");
    }

    @Test
    void replacesARequestIdThatCouldForgeALine() throws IOException {
        String answer = RawHttp.exchange(port, "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: a b\"c\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("a b\"c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slk_live_abcdefgh_0123456789",
                "sls_0123456789abcdef",
                "id-whsec_0123456789abcdef",
                "whsec_0123.56789abcdef"
            })
    void replacesARequestIdThatIsASecret(String secret) throws IOException {
        String answer =
                RawHttp.exchange(port, "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + secret + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain(secret);
    }

    @Test
    void replacesWhatIsTooLongForAnId() throws IOException {
        String answer = RawHttp.exchange(
                port,
                "GET /things/1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + "a".repeat(65) + "\r\ntraceparent: 00-"
                        + "a".repeat(4_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("a".repeat(33));
    }

    @Test
    void tellsNothingOfItselfWhenItBreaks() throws IOException {
        String answer = RawHttp.exchange(port, get("/broken"));
        assertThat(answer).startsWith("HTTP/1.1 500").doesNotContain("secret", "Exception", "sluice.platform");
    }

    @Test
    void tellsWhichMethodsThereAre() throws IOException {
        String answer = RawHttp.exchange(port, "PUT /things HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer).containsIgnoringCase("Allow: POST");
    }

    @Test
    void takesAChunkedBody() throws IOException {
        String body = "{\"name\":\"a\"}";
        String chunks = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        assertThat(RawHttp.exchange(port, post("Transfer-Encoding: chunked", chunks)))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void takesABodyWithLinesThatWouldBeFoldsInAHead() throws IOException {
        String body = "{\r\n \"name\": \"a\"\r\n}\r\n\r\n ";
        assertThat(RawHttp.exchange(port, post("Content-Length: " + body.length(), body)))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void closesTheConnectionBehindACodingThatOthersMayTakeDifferently() throws IOException {
        String two = post("Transfer-Encoding: gzip, chunked", CHUNKED) + get("/things/1");
        assertThat(RawHttp.exchange(port, two))
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("connection: close")
                .doesNotContain("HTTP/1.1 200");
    }

    @Test
    void refusesAChunkedBodyOverTheLimit() throws IOException {
        String chunks = "7d0\r\n" + "a".repeat(2_000) + "\r\n0\r\n\r\n";
        assertThat(RawHttp.exchange(port, post("Transfer-Encoding: chunked", chunks)))
                .startsWith("HTTP/1.1 413");
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String post(String headers, String body) {
        return "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n" + body;
    }

    @Test
    void clientThatSendsTooMuchStillReadsWhyItIsRefused() throws IOException {
        int length = 4 << 20;
        assertThat(RawHttp.exchange(port, post("Content-Length: " + length, "x".repeat(length))))
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"too_large\"");
    }
}
