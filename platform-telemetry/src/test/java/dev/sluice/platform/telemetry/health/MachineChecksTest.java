package dev.sluice.platform.telemetry.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class MachineChecksTest {

    @Test
    void measuresTheDiskOfAFolderThatIsNotThereYet(@TempDir Path folder) throws Exception {
        Path later = folder.resolve("a/b");
        assertThat(MachineChecks.disk(later, DataSize.ofBytes(1)).check().isWell())
                .isTrue();
        assertThat(MachineChecks.disk(later, DataSize.ofTerabytes(1_000_000)).check())
                .satisfies(finding -> {
                    assertThat(finding.isWell()).isFalse();
                    assertThat(finding.detail()).doesNotContain(folder.toString());
                });
        assertThat(MachineChecks.disk(Path.of("nowhere", "yet"), DataSize.ofBytes(1))
                        .check()
                        .isWell())
                .isTrue();
    }

    @Test
    void comparesWhatIsInUseAfterACollection() throws Exception {
        assertThat(MachineChecks.memory(() -> 0.95, 0.95).check().isWell()).isTrue();
        assertThat(MachineChecks.memory(() -> 0.96, 0.95).check().detail())
                .isEqualTo("96 % of the heap are in use after a collection; it should be at most 95 %");
        assertThat(MachineChecks.memory(() -> 0.96, 0.95).check().isWell()).isFalse();
    }

    @Test
    void theHeapOfThisProcessIsBetweenEmptyAndFull() throws Exception {
        assertThat(MachineChecks.memory(1).check().isWell()).isTrue();
        assertThat(MachineChecks.memory(1e-9).check().isWell()).isFalse();
    }
}
