package dev.sluice.standalone.key;

import dev.sluice.standalone.state.Json;
import dev.sluice.standalone.state.PrivateFile;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The keys that a development platform comes with: one that administers, and one per tier. */
public record DevelopmentKeys(List<DevelopmentKey> keys) {

    /** One key in full; on the platform itself only its hash is kept. */
    public record DevelopmentKey(String name, String tenant, String tier, String key) {

        @Override
        public String toString() {
            return "DevelopmentKey[" + name + "]";
        }
    }

    /** Nothing before the first start has made them. */
    public static Optional<DevelopmentKeys> find(StateFolder folder) throws IOException {
        if (!Files.exists(folder.keysFile())) {
            return Optional.empty();
        }
        return Optional.of(Json.MAPPER.readValue(folder.keysFile().toFile(), DevelopmentKeys.class));
    }

    void write(StateFolder folder) throws IOException {
        PrivateFile.write(folder.keysFile(), Json.MAPPER.writeValueAsBytes(this));
    }

    public DevelopmentKey admin() {
        return named("admin");
    }

    /** The key of this tier's tenant: free, basic, premium or unlimited. */
    public DevelopmentKey ofTier(String tier) {
        return named(tier);
    }

    private DevelopmentKey named(String name) {
        return keys.stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no development key named " + name));
    }
}
