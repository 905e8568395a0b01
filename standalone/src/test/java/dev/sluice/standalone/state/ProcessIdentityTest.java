package dev.sluice.standalone.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(new ProcessIdentity(SELF.pid(), SELF.startedAt(), "another-boot/1").find())
                .isEmpty();
    }

    @Test
    void hasAMarkWhereTheSystemTellsOne() {
        assertThat(SELF.startMark() != null).isEqualTo(Files.exists(Path.of("/proc/sys/kernel/random/boot_id")));
    }

    /** Where the system tells no mark, only the time can be compared, and a clock that was set makes a stranger of it. */
    @Test
    void knowsAProcessAgainByItsMarkAfterTheClockWasSet() {
        assertThat(startedAnHourBefore(SELF.startMark()).find().isPresent()).isEqualTo(SELF.startMark() != null);
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
