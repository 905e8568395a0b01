package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What Grafana is given has the form that it reads, and says what a person needs. */
class DashboardsTest {

    private static final int SCHEMA_VERSION = 39;
    private static final String SOURCE = "sluice-prometheus";

    @Test
    void everyDashboardHasAStableIdAndAPinnedSchema() throws IOException {
        Set<String> ids = new HashSet<>();
        for (JsonNode dashboard : Dashboards.all()) {
            assertThat(dashboard.path("uid").asString()).matches("sluice-[a-z]+");
            assertThat(ids.add(dashboard.path("uid").asString())).isTrue();
            assertThat(dashboard.path("schemaVersion").asInt()).isEqualTo(SCHEMA_VERSION);
            assertThat(dashboard.path("title").asString()).startsWith("Sluice ");
            assertThat(dashboard.path("description").asString()).isNotBlank();
            assertThat(dashboard.has("id")).as("an id is the database's").isFalse();
        }
        assertThat(ids).hasSize(5);
    }

    @Test
    void everyPanelSaysWhatItShowsAndInWhatUnit() throws IOException {
        for (JsonNode dashboard : Dashboards.all()) {
            Set<Integer> ids = new HashSet<>();
            Set<String> titles = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                String name = dashboard.path("title").asString() + " / " + panel.path("title");
                assertThat(panel.path("description").asString()).as(name).isNotBlank();
                assertThat(panel.path("fieldConfig")
                                .path("defaults")
                                .path("unit")
                                .asString())
                        .as(name)
                        .isNotBlank();
                assertThat(panel.path("type").asString()).as(name).isIn("stat", "timeseries");
                assertThat(panel.path("targets").isEmpty()).as(name).isFalse();
                assertThat(panel.path("datasource").path("uid").asString())
                        .as(name)
                        .isEqualTo(SOURCE);
                assertThat(panel.path("gridPos").path("x").asInt()
                                + panel.path("gridPos").path("w").asInt())
                        .as(name)
                        .isLessThanOrEqualTo(24);
                assertThat(ids.add(panel.path("id").asInt())).as(name).isTrue();
                assertThat(titles.add(panel.path("title").asString())).as(name).isTrue();
            }
        }
    }

    @Test
    void theSourceOfAllPanelsIsProvisioned() throws IOException {
        String source = Files.readString(Dashboards.FOLDER.resolve("provisioning/datasources/prometheus.yaml"));
        assertThat(source).contains("uid: " + SOURCE).contains("timeInterval: 15s");
        assertThat(Files.readString(Prometheus.FOLDER.resolve("prometheus.yml")))
                .contains("scrape_interval: 15s");
    }
}
