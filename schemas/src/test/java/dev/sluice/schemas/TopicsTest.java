package dev.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
    @Test
    void everyConstantIsInTheCatalogueOnce() throws Exception {
        for (Field field : Topics.class.getFields()) {
            if (field.getType() == TopicDescriptor.class) {
                assertThat(Topics.all()).contains((TopicDescriptor<?>) field.get(null));
            }
        }
        assertThat(Topics.all()).containsAll(Topics.WEBHOOK_RETRIES);
        assertThat(Topics.all().stream().map(TopicDescriptor::name)).doesNotHaveDuplicates();
    }

    @Test
    void findsByName() {
        assertThat(Topics.find("sluice.events")).contains(Topics.EVENTS);
        assertThat(Topics.find("sluice.unknown")).isEmpty();
    }

    @Test
    void retryTopicsAreNamedAfterTheirDelays() {
        assertThat(Topics.WEBHOOK_RETRIES)
                .extracting(TopicDescriptor::name)
                .startsWith("sluice.webhook.retry.5s", "sluice.webhook.retry.1m")
                .endsWith("sluice.webhook.retry.10h")
                .hasSameSizeAs(Topics.WEBHOOK_RETRY_DELAYS);
    }

    @Test
    void theDocumentSaysWhatTheCodeSays() throws IOException {
        String expected = TopicsDocument.text();
        Path document = Stream.of(Path.of("../docs/topics.md"), Path.of("docs/topics.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/topics.md is missing; it must read:\n" + expected));
        assertThat(Files.readString(document))
                .as("docs/topics.md must read:\n%s", expected)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"events,1,DELETE,PT1H", "sluice.x,0,DELETE,PT1H", "sluice.x,1,COMPACT,PT1H", "sluice.x,1,DELETE,PT0S"})
    void refusesADescriptorThatMakesNoSense(String name, int partitions, Cleanup cleanup, Duration retention) {
        assertThatThrownBy(() -> new TopicDescriptor<>(
                        name, Tier.class, "key", partitions, cleanup, retention, List.of(), List.of(), "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
