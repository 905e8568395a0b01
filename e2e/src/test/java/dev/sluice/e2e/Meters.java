package dev.sluice.e2e;

import java.net.URI;

/** The meters that a service tells at its management address. */
record Meters(String managementAddress) {

    /** The sum of the samples of that name which have the label. */
    double sum(String name, String label) {
        Client.Answer answer = management().get("/actuator/prometheus");
        if (answer.status() != 200) {
            throw new IllegalStateException("no meters at " + managementAddress + ": " + answer.status());
        }
        return answer.text()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    boolean isAlive() {
        return management().answers(200, "GET", "/actuator/health/liveness", "");
    }

    /** What health says, well or not. */
    Client.Answer health() {
        return management().get("/actuator/health");
    }

    boolean isReady() {
        return management().answers(200, "GET", "/actuator/health/readiness", "");
    }

    private Client management() {
        return new Client(URI.create("http://" + managementAddress), "");
    }
}
