package dev.sluice.metrics.replay;

import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/** The command: {@code java -cp app.jar dev.sluice.metrics.replay.ReplayMain --from=… --to=…}. */
@ImportAutoConfiguration({KafkaAutoConfiguration.class, PlatformKafkaAutoConfiguration.class})
@EnableConfigurationProperties({TopologyProperties.class, UsageProperties.class})
public class ReplayMain {

    /** Arguments, since what the services have in common is stronger than an application's defaults. Standard output has the results alone. */
    private static final List<String> SETTINGS = List.of(
            "--spring.main.web-application-type=none",
            "--spring.main.log-startup-info=false",
            "--logging.threshold.console=off",
            "--sluice.kafka.provision=false");

    private static final int EQUAL = 0;
    private static final int DIFFERENT = 1;
    private static final int FAILED = 2;

    /** As the aggregator's, so that Kafka is not asked to commit more often than it is there. */
    private static final Duration COMMIT = Duration.ofMillis(500);

    private static final Duration FAREWELL = Duration.ofSeconds(30);
    private static final DataSize CACHE = DataSize.ofMegabytes(8);
    private static final long PERCENT = 100;

    public static void main(String[] arguments) {
        Runtime.getRuntime().exit(run(Console.ofProcess(), arguments));
    }

    /** The exit code. */
    static int run(Console console, String... arguments) {
        ReplayArguments told;
        try {
            told = ReplayArguments.parse(arguments);
        } catch (IllegalArgumentException e) {
            console.message(e.getMessage() + "\n\n" + ReplayArguments.USAGE);
            return FAILED;
        }
        try (ConfigurableApplicationContext context = start(told)) {
            return replay(context, told.range(), console);
        } catch (IOException | ExecutionException | RuntimeException e) {
            console.message("It could not be done: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static ConfigurableApplicationContext start(ReplayArguments told) {
        List<String> settings = new ArrayList<>(SETTINGS);
        settings.addAll(told.settings());
        return new SpringApplicationBuilder(ReplayMain.class)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .initializers((GenericApplicationContext context) -> {
                    context.registerBean(InstantSource.class, InstantSource::system);
                    context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
                })
                .run(settings.toArray(String[]::new));
    }

    private static int replay(ConfigurableApplicationContext context, ReplayRange range, Console console)
            throws IOException, ExecutionException, InterruptedException {
        Path folder = Files.createTempDirectory("sluice-replay");
        CountDownLatch ended = new CountDownLatch(1);
        try {
            MetricsReplay replay = new MetricsReplay(
                    context.getBean(KafkaClients.class),
                    ownStreams(folder),
                    context.getBean(TopologyProperties.class),
                    context.getBean(UsageProperties.class),
                    context.getBean(InstantSource.class));
            endInGoodOrder(replay, ended);
            AtomicLong told = new AtomicLong(-1);
            MetricsReplay.Result result = replay.run(range, (records, all) -> {
                long percent = all == 0 ? PERCENT : records * PERCENT / all;
                if (told.getAndSet(percent) != percent) {
                    console.message("%d of %d records, %d %%".formatted(records, all, percent));
                }
            });
            result.differences()
                    .forEach(difference -> console.result(csv(difference.key()) + "," + csv(difference.words())));
            console.message("%d windows compared, %d differ"
                    .formatted(result.windows(), result.differences().size()));
            return result.differences().isEmpty() ? EQUAL : DIFFERENT;
        } finally {
            FileSystemUtils.deleteRecursively(folder);
            ended.countDown();
        }
    }

    /** Who is told to end removes what it has made first. */
    private static void endInGoodOrder(MetricsReplay replay, CountDownLatch ended) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            replay.cancel();
            try {
                boolean _ = ended.await(FAREWELL.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Of no other application, not even that of another replay. */
    private static StreamsProperties ownStreams(Path folder) {
        String id = "sluice-metrics-replay-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        return new StreamsProperties(id, folder, 1, 0, COMMIT, CACHE, null);
    }

    private static String csv(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
