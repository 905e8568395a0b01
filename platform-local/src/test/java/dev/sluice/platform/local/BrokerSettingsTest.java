package dev.sluice.platform.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void listensOnTheLoopbackAddressOnly() {
        BrokerSettings settings = new BrokerSettings(19092, 19093, folder);
        assertThat(settings.properties())
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093")
                .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:19092");
        assertThat(settings.bootstrapServers()).isEqualTo("127.0.0.1:19092");
    }

    @Test
    void writesAFileThatReadsBackAsItself() throws IOException {
        BrokerSettings settings = new BrokerSettings(19092, 19093, folder.resolve("with space"));
        Path file = folder.resolve("server.properties");
        settings.writeTo(file);
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        }
        assertThat(read).containsExactlyInAnyOrderEntriesOf(settings.properties());
    }

    @Test
    void knowsAFormattedFolder() throws IOException {
        BrokerSettings settings = BrokerSettings.onFreePorts(folder);
        assertThat(settings.isFormatted()).isFalse();
        Files.createFile(folder.resolve("meta.properties"));
        assertThat(settings.isFormatted()).isTrue();
    }

    @Test
    void refusesPortsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BrokerSettings(0, 1, folder))
                .withMessageContaining("port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BrokerSettings(9, 9, folder))
                .withMessageContaining("controllerPort");
    }
}
