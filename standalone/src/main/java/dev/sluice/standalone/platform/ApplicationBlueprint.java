package dev.sluice.standalone.platform;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.state.Secrets;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** How one of the four services is started and stopped. */
final class ApplicationBlueprint {

    private ApplicationBlueprint() {}

    static ServiceBlueprint of(
            Application application,
            Installation installation,
            StateFolder state,
            Ports ports,
            Secrets secrets,
            AotUse aot) {
        String name = application.serviceName();
        return new ServiceBlueprint(
                name,
                () -> start(application, installation, state, environment(application, state, ports, secrets), aot),
                new HttpReadiness(ports.management(application)),
                List.of(state.log(name), state.output(name)),
                Duration.ofSeconds(90),
                aot == AotUse.RECORD ? Duration.ofMinutes(3) : Duration.ofSeconds(30));
    }

    private static LocalProcess start(
            Application application,
            Installation installation,
            StateFolder state,
            Map<String, String> environment,
            AotUse aot)
            throws IOException {
        Path image = installation.applicationImage(application);
        Path jar = image.resolve("app.jar");
        List<String> command = JvmCommand.of(
                application.heapMegabytes(),
                flags(aot, installation.aotCache(application.serviceName())),
                List.of(installation.leashJar(), jar),
                mainClass(jar),
                List.of());
        return LocalProcess.start(command, environment, state.root(), state.output(application.serviceName()));
    }

    /** The beans are those that the build worked out: no configuration class is read and no condition looked at again. */
    private static List<String> flags(AotUse aot, Path cache) {
        List<String> flags = new ArrayList<>(aot.flags(cache));
        flags.add("-Dspring.aot.enabled=true");
        return flags;
    }

    private static String mainClass(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String mainClass = file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (mainClass == null) {
                throw new IOException("no main class in " + jar);
            }
            return mainClass;
        }
    }

    /** Secrets travel by environment: a command line can be read by every user of the machine. */
    static Map<String, String> environment(Application application, StateFolder state, Ports ports, Secrets secrets) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", Integer.toString(ports.http(application)));
        environment.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(ports.management(application)));
        environment.put("SPRING_KAFKA_BOOTSTRAPSERVERS", "127.0.0.1:" + ports.kafka());
        // On one machine more partitions bring no throughput, only files and start-up time.
        environment.put("SLUICE_KAFKA_MAXPARTITIONS", "2");
        environment.put("SPRING_DATA_REDIS_HOST", "127.0.0.1");
        environment.put("SPRING_DATA_REDIS_PORT", Integer.toString(ports.redis()));
        environment.put("SLUICE_INTERNAL_SECRET", secrets.internal());
        environment.put(
                "LOGGING_FILE_NAME", state.log(application.serviceName()).toString());
        // All goes to the file, which is rotated; the output file is for what comes before logging is up.
        environment.put("LOGGING_THRESHOLD_CONSOLE", "OFF");
        environment.put("SLUICE_LOG_FORMAT", "text");
        if (application == Application.API_GATEWAY) {
            environment.put("SLUICE_GATEWAY_SERVICES_CACHE", url(ports, Application.CACHE_SERVICE));
            environment.put("SLUICE_GATEWAY_SERVICES_WEBHOOKS", url(ports, Application.WEBHOOK_DISPATCHER));
            environment.put("SLUICE_GATEWAY_SERVICES_METRICS", url(ports, Application.METRICS_AGGREGATOR));
            environment.put("SLUICE_GATEWAY_APIKEY_BOOTSTRAPADMIN", secrets.adminKey());
        }
        if (application == Application.WEBHOOK_DISPATCHER) {
            environment.put("SLUICE_WEBHOOK_SECRET_KEYS_0_ID", "standalone");
            environment.put("SLUICE_WEBHOOK_SECRET_KEYS_0_KEY", secrets.webhookKey());
            // A receiver on the developer's own machine is the usual case here.
            environment.put("SLUICE_WEBHOOK_EGRESS_ALLOWCIDRS_0", "127.0.0.0/8");
        }
        if (application == Application.CACHE_SERVICE) {
            // So is an origin.
            environment.put("SLUICE_CACHE_ORIGIN_ALLOWCIDRS_0", "127.0.0.0/8");
        }
        if (application == Application.METRICS_AGGREGATOR) {
            environment.put("SLUICE_METRICS_STATEDIR", state.data("streams").toString());
        }
        return environment;
    }

    private static String url(Ports ports, Application application) {
        return "http://127.0.0.1:" + ports.http(application);
    }
}
