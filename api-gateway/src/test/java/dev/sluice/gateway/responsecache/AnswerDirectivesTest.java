package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerDirectivesTest {

    @Test
    void takesATargetedFieldOnlyWhenItIsValid() {
        Fields fields =
                Fields.NONE.with("Cache-Control", "max-age=5").with("CDN-Cache-Control", "max-age=10, no-cache");
        AnswerDirectives targeted = AnswerDirectives.of(fields);
        assertThat(targeted.targeted()).isTrue();
        assertThat(targeted.directives().secondsOf("max-age")).hasValue(10);
        for (String broken : List.of("max-age=10, &&&", "MaX-aGe=10", "max-age =10", "max-age= 10", "")) {
            Fields other = Fields.NONE.with("Cache-Control", "max-age=5").with("CDN-Cache-Control", broken);
            assertThat(AnswerDirectives.of(other).directives().secondsOf("max-age"))
                    .as(broken)
                    .hasValue(5);
        }
        Fields wrongType = Fields.NONE.with("CDN-Cache-Control", "max-age=\"10\", no-store=?0");
        assertThat(AnswerDirectives.of(wrongType).directives().has("max-age")).isFalse();
        assertThat(AnswerDirectives.of(wrongType).directives().has("no-store")).isFalse();
    }
}
