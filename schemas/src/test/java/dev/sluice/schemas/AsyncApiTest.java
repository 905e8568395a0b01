package dev.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsyncApiTest {
    private static final Pattern SCHEMA = Pattern.compile("\\$ref: (\\S+\\.avsc)");

    @Test
    void theDocumentSaysWhatTheCodeSays() throws IOException {
        String expected = AsyncApiDocument.text();
        assertThat(Files.readString(document()))
                .as("docs/asyncapi.yaml must read:\n%s", expected)
                .isEqualTo(expected);
    }

    @Test
    void everySchemaItNamesIsThere() throws IOException {
        Path document = document();
        assertThat(SCHEMA.matcher(Files.readString(document)).results().map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(schema ->
                        assertThat(document.resolveSibling(schema)).as(schema).exists());
    }

    private static Path document() {
        return Stream.of(Path.of("../docs/asyncapi.yaml"), Path.of("docs/asyncapi.yaml"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("docs/asyncapi.yaml is missing; it must read:\n" + AsyncApiDocument.text()));
    }
}
