package dev.sluice.standalone.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a JVM does with its AOT cache. */
public enum AotUse {
    /** Starts from the cache where there is one; without it the JVM is slower, not different. */
    START_FROM,
    /** Writes the cache when it ends. */
    RECORD;

    List<String> flags(Path cache) {
        return switch (this) {
            case START_FROM -> Files.isRegularFile(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
            case RECORD -> List.of("-XX:AOTCacheOutput=" + cache);
        };
    }
}
