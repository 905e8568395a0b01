package dev.sluice.webhook.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.webhook.egress.Answer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemedyTest {

    @Test
    void everyFailureHasARemedyUnderTheCodeOfTheLog() {
        assertThat(Answer.Failure.values()).allSatisfy(failure -> {
            assertThat(Remedy.of(failure).code()).isEqualTo(failure.code());
            assertThat(Remedy.of(failure).detail()).isNotBlank();
            assertThat(Remedy.of(failure).remedy()).isNotBlank();
        });
    }

    @Test
    void everyStatusButSuccessHasOne() {
        IntStream.rangeClosed(100, 599)
                .forEach(status -> assertThat(Remedy.of(status).isEmpty())
                        .as("status %d", status)
                        .isEqualTo(status / 100 == 2));
        assertThat(Remedy.of(410))
                .hasValueSatisfying(remedy -> assertThat(remedy.remedy()).contains("disable"));
        assertThat(Remedy.of(302))
                .hasValueSatisfying(remedy -> assertThat(remedy.detail()).contains("not followed"));
    }
}
