package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.demo.ApiClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SampleUpstreamTest {

    @Test
    void answersChartsAndReadingsInJsonAndCountsThem() throws IOException, InterruptedException {
        try (SampleUpstream upstream = new SampleUpstream()) {
            ApiClient api = new ApiClient(upstream.address());

            Answer chart = api.send("GET", "/charts", "", new byte[0]);
            Answer reading = api.send("GET", "/readings/inlet-4", "", new byte[0]);

            assertThat(chart.status()).isEqualTo(200);
            assertThat(chart.header("Content-Type")).isEqualTo("application/json");
            assertThat(chart.json().path("points").size()).isEqualTo(4);
            assertThat(reading.json().path("unit").asString()).isEqualTo("bar");
            assertThat(upstream.served()).isEqualTo(2);
        }
    }

    @Test
    void knowsNothingElse() throws IOException, InterruptedException {
        try (SampleUpstream upstream = new SampleUpstream()) {
            assertThat(new ApiClient(upstream.address())
                            .send("GET", "/other", "", new byte[0])
                            .status())
                    .isEqualTo(404);
        }
    }
}
