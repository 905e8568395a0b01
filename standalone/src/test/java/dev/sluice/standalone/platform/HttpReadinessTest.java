package dev.sluice.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.local.FreePorts;
import org.junit.jupiter.api.Test;

class HttpReadinessTest {

    @Test
    void readsTheReasonsOfWhatIsNotUp() {
        String health = """
                {"status":"DOWN","components":{
                  "ping":{"status":"UP"},
                  "kafka":{"status":"DOWN","details":{"reason":"topics are not there yet"}},
                  "redis":{"status":"OUT_OF_SERVICE"}}}""";
        assertThat(HttpReadiness.reasons(health)).isEqualTo("kafka: topics are not there yet; redis is OUT_OF_SERVICE");
    }

    @Test
    void hasASentenceForAnAnswerItDoesNotUnderstand() {
        assertThat(HttpReadiness.reasons("<html>")).isEqualTo("is not ready");
        assertThat(HttpReadiness.reasons("{\"status\":\"DOWN\"}")).isEqualTo("is not ready");
    }

    @Test
    void saysThatNobodyAnswersYet() {
        assertThat(new HttpReadiness(FreePorts.one()).findObstacle()).contains("does not answer yet");
    }
}
