package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.demo.Demo;
import dev.sluice.standalone.demo.DemoTarget;
import dev.sluice.standalone.demo.DemoTarget.Company;
import dev.sluice.standalone.key.DevelopmentKeys.DevelopmentKey;
import dev.sluice.standalone.platform.Application;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.PlatformRun;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.platform.RunningPlatform;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServicePhase;
import dev.sluice.standalone.supervise.ServiceStatus;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the demonstration on the running platform, or on one that it starts and stops. */
@Command(
        name = "demo",
        description = {
            "Show the platform at work for about a minute and verify what it did; exits 0 when all was verified.",
            "Uses the platform that runs, if one does; else starts one and stops it in the end."
        })
public final class DemoCommand implements Callable<Integer> {

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final PortOptions ports = new PortOptions();

    private final Console console;
    private final InstantSource clock;

    public DemoCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Optional<RunningPlatform> running = RunningPlatform.find(state.folder());
        if (running.isPresent()) {
            console.line("Using the running platform at " + running.get().gateway());
            return show(running.get(), Company.MAYBE_OTHERS);
        }
        Installation installation = Installation.ofThisCheckout();
        try (PlatformRun run =
                PlatformRun.claim(installation, state.folder(), ports.ports(), clock, console, Set.of())) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(run::close));
            console.line("Starting Sluice in " + state.folder().root());
            return show(run.start(), Company.ALONE);
        }
    }

    private int show(RunningPlatform platform, Company company) {
        Map<String, URI> actuators =
                Stream.of(Application.values()).collect(Collectors.toMap(Application::serviceName, platform::actuator));
        Map<String, String> keys =
                platform.keys().keys().stream().collect(Collectors.toMap(DevelopmentKey::tenant, DevelopmentKey::key));
        DemoTarget target = new DemoTarget(
                platform.gateway(),
                actuators,
                keys,
                () -> services(platform.state())
                        .mapToInt(ServiceStatus::restarts)
                        .sum(),
                () -> services(platform.state()).allMatch(service -> service.phase() == ServicePhase.READY),
                company);
        return new Demo(target, new SecureRandom(), console).run() ? 0 : 1;
    }

    private static Stream<ServiceStatus> services(StateFolder folder) {
        return RunRecord.find(folder).stream().flatMap(record -> record.services().stream());
    }
}
