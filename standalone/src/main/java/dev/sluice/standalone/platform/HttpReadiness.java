package dev.sluice.standalone.platform;

import dev.sluice.standalone.state.Json;
import dev.sluice.standalone.supervise.ReadinessProbe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks the readiness endpoint of a service's management port, and reads the reasons from its answer. */
public final class HttpReadiness implements ReadinessProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    private final HttpRequest request;

    public HttpReadiness(int managementPort) {
        request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"))
                .timeout(TIMEOUT)
                .build();
    }

    @Override
    public Optional<String> findObstacle() {
        try {
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.empty() : Optional.of(reasons(answer.body()));
        } catch (IOException e) {
            return Optional.of("does not answer yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    static String reasons(String health) {
        try {
            List<String> reasons = new ArrayList<>();
            JsonNode components = Json.MAPPER.readTree(health).path("components");
            for (Map.Entry<String, JsonNode> component : components.properties()) {
                String status = component.getValue().path("status").asString("");
                if (!status.equals("UP")) {
                    JsonNode reason = component.getValue().path("details").path("reason");
                    reasons.add(component.getKey() + (reason.isString() ? ": " + reason.asString() : " is " + status));
                }
            }
            return reasons.isEmpty() ? "is not ready" : String.join("; ", reasons);
        } catch (JacksonException e) {
            return "is not ready";
        }
    }
}
