package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

@ExtendWith(OutputCaptureExtension.class)
class DroppedErrorsTest {

    @Test
    void areALineEach(CapturedOutput output) {
        DroppedErrors.tellBriefly();
        DroppedErrors.tellBriefly();

        Operators.onErrorDropped(new IllegalStateException("too late"), Context.empty());

        assertThat(output.getAll().lines().filter(line -> line.contains("too late")))
                .singleElement()
                .asString()
                .contains(
                        "WARN", "failed when nobody waited for it any more: java.lang.IllegalStateException: too late");
        assertThat(output.getAll()).doesNotContain("ERROR", "\tat ");
    }
}
