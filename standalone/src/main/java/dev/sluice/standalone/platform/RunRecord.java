package dev.sluice.standalone.platform;

import dev.sluice.standalone.state.Json;
import dev.sluice.standalone.state.PrivateFile;
import dev.sluice.standalone.state.ProcessIdentity;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a launcher tells about its platform, for other commands and for the next launcher; replaced at every change.
 *
 * @param message why the platform failed
 */
public record RunRecord(
        ProcessIdentity launcher,
        PlatformPhase phase,
        @Nullable String message,
        Ports ports,
        List<ServiceStatus> services) {

    /** Nothing when this folder never ran a platform. */
    public static Optional<RunRecord> find(StateFolder folder) {
        if (!Files.exists(folder.runFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.readValue(folder.runFile().toFile(), RunRecord.class));
        } catch (JacksonException e) {
            // Of an older launcher or half a disk: it names no process that we could trust.
            return Optional.empty();
        }
    }

    public void write(StateFolder folder) throws IOException {
        PrivateFile.write(folder.runFile(), Json.MAPPER.writeValueAsBytes(this));
    }

    /** Whether the launcher that wrote this still runs. */
    public boolean isLive() {
        return launcher.find().isPresent();
    }
}
