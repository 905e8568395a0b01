package dev.sluice.platform.telemetry.health;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.springframework.util.unit.DataSize;

/** What a service watches of the machine that it runs on. */
public final class MachineChecks {

    private MachineChecks() {}

    /** Whether so much is free on the disk of a folder, which need not be there yet. */
    public static HealthCheck disk(Path folder, DataSize least) {
        return HealthCheck.of("disk", Weight.SUPPORTING, () -> {
            long free = usableBytes(folder);
            return new Finding(
                    free >= least.toBytes(),
                    "%d MB are free; it should be at least %d MB".formatted(free >> 20, least.toMegabytes()));
        });
    }

    /** Whether the last collection left enough of the heap free; what is in use between two says little. */
    public static HealthCheck memory(double most) {
        return memory(MachineChecks::heapShare, most);
    }

    static HealthCheck memory(DoubleSupplier share, double most) {
        return HealthCheck.of("memory", Weight.SUPPORTING, () -> {
            double used = share.getAsDouble();
            String detail = "%.0f %% of the heap are in use after a collection; it should be at most %.0f %%"
                    .formatted(used * 100, most * 100);
            return new Finding(used <= most, detail);
        });
    }

    /** As the last collection left it; all that is in use before the first one. */
    private static double heapShare() {
        Runtime runtime = Runtime.getRuntime();
        Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());
        long used = ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(GcInfo::getEndTime))
                .map(last -> usedBytes(last.getMemoryUsageAfterGc(), heap))
                .orElseGet(() -> runtime.totalMemory() - runtime.freeMemory());
        return (double) used / runtime.maxMemory();
    }

    private static long usedBytes(Map<String, MemoryUsage> pools, Set<String> heap) {
        return pools.entrySet().stream()
                .filter(pool -> heap.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }

    private static long usableBytes(Path folder) throws IOException {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getUsableSpace();
    }
}
