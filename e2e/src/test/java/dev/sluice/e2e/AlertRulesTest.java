package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Prometheus' own tool reads the configuration and tries every alert; each alert leads to a page that is there. */
class AlertRulesTest {

    private static final Path ALERTS = Prometheus.FOLDER.resolve("rules/alerts.yml");

    @Test
    void prometheusTakesTheConfigurationAndItsRules() {
        promtool("check", "config", "prometheus.yml");
    }

    @Test
    void alertsFireAndKeepQuietAsTheirCasesSay() {
        promtool("test", "rules", "alerts_test.yml");
    }

    @Test
    void everyAlertIsTriedFiringAndQuietAndHasARunbook() throws IOException {
        List<String> alerts = all("- alert: (\\w+)", ALERTS);
        List<String> runbooks = all("runbook_url: (\\S+)", ALERTS);
        assertThat(alerts).isNotEmpty();
        assertThat(runbooks).hasSameSizeAs(alerts);
        Path cases = Prometheus.FOLDER.resolve("alerts_test.yml");
        assertThat(all("alertname: (\\w+)}", cases)).as("tried quiet").containsAll(alerts);
        assertThat(all("alertname: (\\w+)\\s+exp_alerts:", cases))
                .as("tried firing")
                .containsAll(alerts);
        for (int i = 0; i < alerts.size(); i++) {
            assertThat(Path.of("..", runbooks.get(i))).content().contains(alerts.get(i));
        }
    }

    private static List<String> all(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static void promtool(String... arguments) {
        Prometheus.require("promtool");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Command.run(Prometheus.FOLDER, Map.of(), command).requireSuccess();
    }
}
