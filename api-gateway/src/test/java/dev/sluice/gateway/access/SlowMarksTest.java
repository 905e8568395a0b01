package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.record.LimitVerdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SlowMarksTest {

    private static final List<Duration> MARKS =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5));
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SlowMarks.class);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long now = 0;
    private final SlowMarks slow = new SlowMarks(MARKS, 2, () -> now, meters);

    @BeforeEach
    void listen() {
        lines.start();
        LOGGER.addAppender(lines);
    }

    @AfterEach
    void leave() {
        LOGGER.detachAppender(lines);
    }

    @Test
    void everyMarkIsThereBeforeTheFirstSlowRequest() {
        assertCounts(0, 0, 0);
    }

    @Test
    void aRequestCountsAtEveryMarkThatItPassed() {
        judge(499);
        assertCounts(0, 0, 0);
        judge(500);
        assertCounts(1, 0, 0);
        judge(4_999);
        assertCounts(2, 1, 0);
        judge(5_000);
        assertCounts(3, 2, 1);
    }

    @Test
    void anAnswerThatBeganSoonIsNotSlowHoweverLongItIs() {
        RequestTrail stream = new RequestTrail("GET", 0);
        stream.headNanos = TimeUnit.MILLISECONDS.toNanos(3);
        slow.judge(stream, TimeUnit.HOURS.toNanos(1), "shop", "request-1");
        assertCounts(0, 0, 0);
    }

    @Test
    void writesDownWhereTheTimeWent() {
        RequestTrail trail = new RequestTrail("PUT", System.nanoTime() - TimeUnit.SECONDS.toNanos(2));
        trail.admitted();
        trail.limited(LimitVerdict.ALLOWED);
        trail.asked();
        trail.status = 504;
        slow.judge(trail, System.nanoTime(), "shop", "request-1");
        String fields = lines.list.getFirst().getKeyValuePairs().stream()
                .map(pair -> pair.key + "=" + pair.value)
                .collect(Collectors.joining(" "));
        assertThat(fields)
                .matches("http.route=shop http.request.method=PUT http.response.status_code=504 "
                        + "http.request.id=request-1 waitedMillis=2\\d{3} authMillis=2\\d{3} limitMillis=\\d+ "
                        + "upstreamMillis=\\d+");
    }

    @Test
    void writesNoMoreLinesThanASecondMayHave() {
        for (int i = 0; i < 5; i++) {
            judge(700);
        }
        assertThat(lines.list).hasSize(2);
        now += TimeUnit.SECONDS.toNanos(1);
        judge(700);
        assertThat(lines.list).hasSize(3);
        assertCounts(6, 0, 0);
    }

    private void judge(long millis) {
        slow.judge(new RequestTrail("GET", 0), TimeUnit.MILLISECONDS.toNanos(millis), "shop", "request-1");
    }

    private void assertCounts(double half, double one, double five) {
        assertThat(count("0.5")).isEqualTo(half);
        assertThat(count("1")).isEqualTo(one);
        assertThat(count("5")).isEqualTo(five);
    }

    private double count(String threshold) {
        return meters.get("sluice.gateway.slow.requests")
                .tag("threshold", threshold)
                .counter()
                .count();
    }
}
