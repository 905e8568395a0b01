package dev.sluice.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

/** The page at the root works under the policy that it is sent with, and needs nothing from elsewhere. */
@SpringBootTest(
        classes = ConsoleIT.Slice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef"
        })
class ConsoleIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    @Value("${local.server.port}")
    private int port;

    /** The page alone. */
    @EnableAutoConfiguration(excludeName = "dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration")
    @Import(ConsoleController.class)
    static class Slice {}

    @Test
    void answersAtTheRoot() throws Exception {
        HttpResponse<String> page = send(request());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.body()).startsWith("<!doctype html>").contains("<h1>Sluice</h1>");
        HttpResponse<String> head = send(request().method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(send(request().POST(BodyPublishers.noBody())).statusCode()).isEqualTo(405);
    }

    @Test
    void isSentAgainOnlyWhenItChanged() throws Exception {
        String etag = send(request()).headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = send(request().header("If-None-Match", etag));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(send(request().header("If-None-Match", "\"other\"")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void worksUnderItsOwnPolicy() throws Exception {
        HttpResponse<String> page = send(request());
        assertThat(page.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'");
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        String style = STYLE.matcher(page.body())
                .results()
                .map(match -> match.group(1))
                .reduce((one, two) -> {
                    throw new AssertionError("the policy knows one style, there are two");
                })
                .orElseThrow();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertThat(policy).contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        assertThat(page.body())
                .doesNotContain("<script", " style=", "@import", "url(", "javascript:")
                .doesNotContainPattern(" on[a-z]+=");
    }

    @Test
    void needsNothingFromElsewhere() throws Exception {
        assertThat(LINK.matcher(send(request()).body()).results().map(MatchResult::group))
                .isNotEmpty()
                .allMatch(link -> link.startsWith("href=\"data:image/svg+xml,") || link.startsWith("href=\"/"));
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
