package dev.sluice.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboards that {@code ops/grafana} gives to Grafana. */
final class Dashboards {

    static final Path FOLDER = Path.of("..", "ops", "grafana").toAbsolutePath().normalize();

    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");

    /** A query of a panel, and what names its lines. */
    record Query(String dashboard, String panel, String expression, String legend) {

        /** The labels that the legend takes from each result. */
        List<String> labels() {
            return LABEL.matcher(legend)
                    .results()
                    .map((MatchResult label) -> label.group(1))
                    .toList();
        }
    }

    private Dashboards() {}

    static List<JsonNode> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("dashboards"))) {
            return files.sorted().map(JsonMapper.shared()::readTree).toList();
        }
    }

    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.add(new Query(
                            dashboard.path("title").asString(),
                            panel.path("title").asString(),
                            target.path("expr").asString(),
                            target.path("legendFormat").asString()));
                }
            }
        }
        return queries;
    }
}
