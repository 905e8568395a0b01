package dev.sluice.platform.local;

import java.nio.file.Path;
import java.util.List;

/** The settings of one Redis on the loopback address, as command line arguments. */
public record RedisSettings(int port, Path dataDirectory, Durability durability) {

    /** Whether data outlives the process. */
    public enum Durability {
        /** Every write is appended to a file that is synced each second. */
        APPEND_ONLY,
        /** Nothing touches the disk. */
        MEMORY
    }

    public RedisSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 1 and 65535: " + port);
        }
    }

    public List<String> command(Path executable) {
        return List.of(
                executable.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                dataDirectory.toAbsolutePath().toString(),
                "--daemonize",
                "no",
                // Snapshots would come beside the append-only file and fork the process.
                "--save",
                "",
                "--appendonly",
                durability == Durability.APPEND_ONLY ? "yes" : "no",
                "--appendfsync",
                "everysec",
                "--maxmemory",
                "192mb",
                // Cached values carry a lifetime and may go early; what has none stays.
                "--maxmemory-policy",
                "volatile-lfu");
    }
}
