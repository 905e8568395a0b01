package dev.sluice.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every service tells Prometheus how it is. */
final class PrometheusStep implements DemoStep {

    private final Map<String, URI> actuators;

    PrometheusStep(Map<String, URI> actuators) {
        this.actuators = new TreeMap<>(actuators);
    }

    @Override
    public String title() {
        return "Metrics of every service";
    }

    @Override
    public List<Check> run() {
        List<Check> checks = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            actuators.forEach((service, address) -> checks.add(scrape(http, service, address)));
        }
        return checks;
    }

    private static Check scrape(HttpClient http, String service, URI address) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/actuator/prometheus"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofLines());
            long series = answer.body()
                    .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                    .count();
            return Check.that(service, answer.statusCode() == 200 && series > 0, series + " series");
        } catch (IOException e) {
            return Check.that(service, false, "no answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        }
    }
}
