package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus of this machine with the rules and the scrape configuration of {@code ops/prometheus}, but for the
 * addresses, which are those of the platform under test, and the intervals, which are short.
 */
final class Prometheus implements AutoCloseable {

    static final Path FOLDER =
            Path.of("..", "ops", "prometheus").toAbsolutePath().normalize();

    /** Set where Prometheus is promised, as in {@code .ci/run}: its absence is a failure there. */
    private static final String REQUIRED = "SLUICE_E2E_PROMETHEUS";

    private static final List<String> SERVICES =
            List.of("api-gateway:9080", "cache-service:9081", "webhook-dispatcher:9082", "metrics-aggregator:9083");

    /** A metric's name in an expression, with the labels that are asked of it; not a function, and no label by itself. */
    private static final Pattern SELECTOR = Pattern.compile("\\b(?:up|[a-z]+[_:][a-z0-9_:]+)\\b(?!\\()(?:\\{[^}]*})?");

    /** A recording or alerting rule as Prometheus has read it, and how its last evaluation went. */
    record Rule(String name, String expression, String health, String lastError) {

        /** The series that the expression reads. */
        List<String> selectors() {
            return SELECTOR.matcher(expression)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;
    private final Process process;

    private Prometheus(URI address, Process process) {
        this.address = address;
        this.process = process;
    }

    /** Leaves the test out on a machine without the program. */
    static void require(String program) {
        boolean available = Command.isOnPath(program);
        if ("required".equals(System.getenv(REQUIRED))) {
            assertThat(available)
                    .as(program + " on the PATH; install Prometheus")
                    .isTrue();
        }
        assumeTrue(available, program + " is not on the PATH");
    }

    static Prometheus watching(Platform platform) throws IOException {
        require("prometheus");
        int port = freePort();
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "prometheus")), "run")
                .toAbsolutePath();
        Path rules = Files.createDirectory(folder.resolve("rules"));
        try (Stream<Path> files = Files.list(FOLDER.resolve("rules"))) {
            for (Path file : files.toList()) {
                Files.copy(file, rules.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("prometheus.yml"), configuration(platform, port));
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Prometheus prometheus = new Prometheus(URI.create("http://127.0.0.1:" + port), process);
        await().atMost(Duration.ofSeconds(30)).until(prometheus::isReady);
        return prometheus;
    }

    /** Results of an instant query. */
    List<JsonNode> query(String expression) {
        JsonNode data =
                data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8), expression);
        return StreamSupport.stream(data.path("result").spliterator(), false).toList();
    }

    List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : data("/api/v1/rules", "rules").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                rules.add(new Rule(
                        rule.path("name").asString(),
                        rule.path("query").asString(),
                        rule.path("health").asString(),
                        rule.path("lastError").asString()));
            }
        }
        return rules;
    }

    private JsonNode data(String path, String subject) {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(subject + ": " + answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body()).path("data");
    }

    private boolean isReady() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            assertThat(process.isAlive())
                    .as("Prometheus runs; its log is in target/prometheus")
                    .isTrue();
            return false;
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String configuration(Platform platform, int port) throws IOException {
        String text = Files.readString(FOLDER.resolve("prometheus.yml"))
                .replace("_interval: 15s", "_interval: 2s")
                .replace("scrape_timeout: 10s", "scrape_timeout: 2s")
                .replace("127.0.0.1:9090", "127.0.0.1:" + port);
        for (String target : SERVICES) {
            assertThat(text).as("targets of prometheus.yml").contains('"' + target + '"');
            String service = target.substring(0, target.indexOf(':'));
            text = text.replace('"' + target + '"', '"' + platform.managementAddress(service) + '"');
        }
        return text;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
