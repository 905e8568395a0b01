package dev.sluice.standalone.image;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.platform.Application;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.PlatformRun;
import dev.sluice.standalone.platform.Ports;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Unpacks the applications that changed since the last time, and records the AOT caches that are missing by one run of the
 * whole platform on free ports with throw-away data.
 */
public final class ImageBuilder {

    private final Installation installation;
    private final InstantSource clock;
    private final Console console;

    public ImageBuilder(Installation installation, InstantSource clock, Console console) {
        this.installation = installation;
        this.clock = clock;
        this.console = console;
    }

    public void build() throws IOException {
        Files.createDirectories(installation.images());
        refreshLeash();
        Set<String> missing = new LinkedHashSet<>();
        for (Application application : Application.values()) {
            refresh(application);
            requireCache(application.serviceName(), missing);
        }
        dropOutdatedBrokerCache();
        requireCache("kafka", missing);
        if (!missing.isEmpty() || isRecorded()) {
            record(missing);
        }
    }

    private void refreshLeash() throws IOException {
        Path built = installation.builtLeashJar();
        Path used = installation.leashJar();
        if (!Files.exists(used) || Files.mismatch(built, used) >= 0) {
            Files.copy(built, used, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void refresh(Application application) throws IOException {
        Path jar = installation.applicationJar(application);
        Path image = installation.applicationImage(application);
        String digest = Digests.of(List.of(jar, installation.leashJar()));
        if (Digests.matches(image, digest)) {
            return;
        }
        console.line("  %-20s unpacking".formatted(application.serviceName()));
        Files.deleteIfExists(installation.aotCache(application.serviceName()));
        Extraction.extract(jar, image, installation.images());
        Digests.remember(image, digest);
    }

    /** The broker's own jars only change with their versions, the leash with the build. */
    private void dropOutdatedBrokerCache() throws IOException {
        Path marker = installation.images().resolve("kafka");
        String digest = Digests.of(List.of(installation.leashJar())) + Digests.ofNames(installation.brokerLibraries());
        if (!Digests.matches(marker, digest)) {
            Files.deleteIfExists(installation.aotCache("kafka"));
            Files.createDirectories(marker);
            Digests.remember(marker, digest);
        }
    }

    /** This JVM writes the launcher's own cache when it ends, so it has to run what a launcher runs. */
    private boolean isRecorded() {
        return !Files.exists(installation.aotCache("launcher"));
    }

    private void requireCache(String service, Set<String> missing) {
        if (!Files.exists(installation.aotCache(service))) {
            missing.add(service);
        }
    }

    private void record(Set<String> services) throws IOException {
        console.line(
                "Recording start-up caches: " + String.join(", ", services.isEmpty() ? Set.of("launcher") : services));
        StateFolder state = new StateFolder(installation.images().resolve("recording"));
        try (PlatformRun run = PlatformRun.claim(installation, state, Ports.free(), clock, console, services)) {
            run.dropData();
            WarmUpTraffic.send(run.start());
        } catch (LaunchException e) {
            // The caches only save time: the platform must come up without them.
            console.problem("No start-up caches this time: " + e.getMessage());
        }
        for (String service : services) {
            Path cache = installation.aotCache(service);
            console.line(
                    Files.exists(cache)
                            ? "  %-20s %d MB".formatted(service, Files.size(cache) >> 20)
                            : "  %-20s no cache; it will start more slowly".formatted(service));
        }
    }
}
