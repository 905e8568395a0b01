package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.replay.ReplayMain;
import dev.sluice.platform.test.LocalKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** The replay as a process of its own, as the launcher starts it. */
class ReplayCommandIT extends WholeAggregator {

    private final Instant then = Instant.now().minus(Duration.ofDays(20)).truncatedTo(ChronoUnit.HOURS);

    @Test
    void endsWithZeroWhereNothingDiffers() throws IOException, InterruptedException {
        topics.ready().join();
        Ended ended = run("--from=" + then, "--to=" + then.plusSeconds(3600));
        assertThat(ended.code()).as(ended.messages()).isZero();
        assertThat(ended.results()).isEmpty();
        assertThat(ended.messages()).contains("0 windows compared, 0 differ");
    }

    @Test
    void saysWhatIsWrongWithItsArguments() throws IOException, InterruptedException {
        Ended ended = run("--from=yesterday", "--to=" + then);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.messages()).contains("--from is no instant").contains("yesterday");
        assertThat(ended.results()).isEmpty();
    }

    private record Ended(int code, String results, String messages) {}

    private static Ended run(String... range) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ReplayMain.class.getName(),
                range[0],
                range[1],
                "--spring.kafka.bootstrap-servers=" + LocalKafka.shared().bootstrapServers());
        Process process = command.start();
        String results = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String messages = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), results, messages);
    }
}
