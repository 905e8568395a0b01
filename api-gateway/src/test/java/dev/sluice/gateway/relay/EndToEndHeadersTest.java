package dev.sluice.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndToEndHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings"
            })
    void hopByHopHeadersPassNeitherWay(String name) {
        assertThat(request(name, "x")).isEmpty();
        assertThat(answer(name, "x")).isEmpty();
    }

    @Test
    void whatTheGatewayAndItsServicesSayToEachOtherIsNotTakenFromACaller() {
        assertThat(request("X-Sluice-Identity", "forged")).isEmpty();
        assertThat(request("x-sluice-anything", "forged")).isEmpty();
    }

    @Test
    void whatIsKeptStaysBehindHoweverItIsWritten() {
        assertThat(request("X-KEPT", "1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id", "RateLimit", "RateLimit-Policy", "X-RateLimit-Remaining", "X-Sluice-Node"})
    void whatTheGatewaySaysItselfIsNotTakenFromAService(String name) {
        assertThat(answer(name, "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Accept", "Content-Type", "Content-Length", "If-Match", "Cache-Control", "X-Other", "Cookie"})
    void everythingElsePasses(String name) {
        assertThat(request(name, "v")).containsExactly(name + ": v");
        assertThat(answer(name, "v")).containsExactly(name + ": v");
    }

    @Test
    void whatConnectionNamesStaysBehind() {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry("connection", "close, X-Private"),
                Map.entry("Connection", " x-other ,"),
                Map.entry("x-private", "1"),
                Map.entry("X-Other", "2"),
                Map.entry("X-Third", "3"));
        assertThat(copyRequest(headers)).containsExactly("X-Third: 3");
    }

    @Test
    void connectionCannotNameAwayWhatAMessageMeans() {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry("Connection", "content-length, content-type, cache-control"),
                Map.entry("Content-Length", "5"),
                Map.entry("Content-Type", "text/plain"),
                Map.entry("Cache-Control", "max-age=1"));
        assertThat(copyRequest(headers)).hasSize(3);
    }

    @Test
    void repeatedHeadersKeepTheirOrder() {
        List<Map.Entry<String, String>> headers =
                List.of(Map.entry("Set-Cookie", "a=1"), Map.entry("X", "y"), Map.entry("Set-Cookie", "b=2"));
        assertThat(copyAnswer(headers)).containsExactly("Set-Cookie: a=1", "X: y", "Set-Cookie: b=2");
    }

    private static List<String> request(String name, String value) {
        return copyRequest(List.of(Map.entry(name, value)));
    }

    private static List<String> answer(String name, String value) {
        return copyAnswer(List.of(Map.entry(name, value)));
    }

    private static List<String> copyRequest(List<Map.Entry<String, String>> headers) {
        List<String> copied = new ArrayList<>();
        EndToEndHeaders.copyRequest(headers, "x-kept"::equals, (name, value) -> copied.add(name + ": " + value));
        return copied;
    }

    private static List<String> copyAnswer(List<Map.Entry<String, String>> headers) {
        List<String> copied = new ArrayList<>();
        EndToEndHeaders.copyAnswer(headers, (name, value) -> copied.add(name + ": " + value));
        return copied;
    }
}
