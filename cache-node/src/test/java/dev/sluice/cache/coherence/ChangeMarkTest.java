package dev.sluice.cache.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ChangeMarkTest {
    @Test
    void saysOnAnotherNodeWhatItSaidHere() {
        for (ChangeMark mark : List.of(
                ChangeMark.UNTOLD, ChangeMark.NOTHING, ChangeMark.REMOVED, new ChangeMark(1_700_000_000_000L))) {
            RecordHeaders headers = new RecordHeaders();
            mark.headers().forEach(headers::add);
            assertThat(ChangeMark.of(headers)).isEqualTo(mark);
        }
    }

    @Test
    void isUntoldWhereAnotherHasWrittenSomethingElse() {
        assertThat(ChangeMark.of(new RecordHeaders().add("sluice-fresh-until", new byte[3])))
                .isEqualTo(ChangeMark.UNTOLD);
        assertThat(ChangeMark.of(new RecordHeaders().add("sluice-fresh-until", null)))
                .isEqualTo(ChangeMark.UNTOLD);
    }
}
