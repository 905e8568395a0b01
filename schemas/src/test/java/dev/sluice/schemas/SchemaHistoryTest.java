package dev.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {
    private final SchemaCatalogue catalogue = SchemaCatalogue.shared();

    @ParameterizedTest
    @MethodSource("recordTypes")
    void everyRecordCanBeExchangedWithEveryVersionBothWays(TopicDescriptor<?> topic) {
        Schema current = RecordClasses.schemaOf(topic.valueType());
        List<RegisteredSchema> history = catalogue.history(topic.valueType().getSimpleName());
        assertThat(history).isNotEmpty();
        for (RegisteredSchema version : history) {
            assertCanRead(current, version.schema());
            assertCanRead(version.schema(), current);
        }
    }

    @ParameterizedTest
    @MethodSource("recordTypes")
    void theNewestVersionIsTheOneInTheCode(TopicDescriptor<?> topic) {
        Schema current = RecordClasses.schemaOf(topic.valueType());
        RegisteredSchema newest =
                catalogue.history(topic.valueType().getSimpleName()).getLast();
        assertThat(catalogue.idOf(current)).isEqualTo(newest.id());
        assertThat(SchemaText.parse(SchemaText.portable(current))).isEqualTo(newest.schema());
    }

    @Test
    void committedVersionsNeverChange() {
        String expected = TestFiles.resource("/schema-history.sha256");
        String actual = catalogue.all().stream()
                .map(version -> version.id() + "\t" + version.record() + "/v" + version.version() + "\t"
                        + sha256(version.text()))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(actual)
                .as("append new versions to src/test/resources/schema-history.sha256; never change an old line")
                .isEqualTo(expected);
    }

    @Test
    void textsServeEveryLanguage() {
        assertThat(catalogue.all())
                .allSatisfy(version -> assertThat(version.text()).doesNotContain("avro.java"));
    }

    @Test
    void everyTopicHasASubject() {
        assertThat(catalogue.subjects())
                .containsExactlyInAnyOrderElementsOf(
                        Topics.all().stream().map(TopicDescriptor::subject).toList());
        assertThat(catalogue.versions(Topics.EVENTS.subject()))
                .singleElement()
                .satisfies(version -> assertThat(version.record()).isEqualTo("DomainEvent"));
        assertThat(catalogue.versions("unknown-value")).isEmpty();
        assertThat(catalogue.find(1)).isPresent();
        assertThat(catalogue.find(0)).isEmpty();
    }

    private static void assertCanRead(Schema reader, Schema writer) {
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** One topic for each record. */
    static Stream<TopicDescriptor<?>> recordTypes() {
        Map<Class<?>, TopicDescriptor<?>> byType = new LinkedHashMap<>();
        Topics.all().forEach(topic -> byType.putIfAbsent(topic.valueType(), topic));
        return byType.values().stream();
    }
}
