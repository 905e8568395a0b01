package dev.sluice.standalone.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    private static final ProcessIdentity SELF = ProcessIdentity.ofThisProcess();

    @Test
    void findsTheProcessItNames() {
        assertThat(SELF.find()).contains(ProcessHandle.current());
    }

    @Test
    void doesNotTakeAStrangerForAnOldProcessWithTheSameId() {
        assertThat(startedAnHourBefore(null).find()).isEmpty();
        if (SELF.startMark() != null) {
            assertThat(new ProcessIdentity(SELF.pid(), SELF.startedAt(), "another-boot/1").find())
                    .isEmpty();
        }
    }

    @Test
    void knowsAProcessAgainAfterTheClockWasSet() {
        if (SELF.startMark() != null) {
            assertThat(startedAnHourBefore(SELF.startMark()).find()).contains(ProcessHandle.current());
        }
    }

    @Test
    void isReadFromWhatAnOlderLauncherWrote() {
        String written = "{\"pid\": %d, \"startedAt\": \"%s\"}".formatted(SELF.pid(), SELF.startedAt());
        assertThat(Json.MAPPER.readValue(written, ProcessIdentity.class).find()).contains(ProcessHandle.current());
    }

    private static ProcessIdentity startedAnHourBefore(@Nullable String mark) {
        return new ProcessIdentity(SELF.pid(), SELF.startedAt().minus(Duration.ofHours(1)), mark);
    }
}
