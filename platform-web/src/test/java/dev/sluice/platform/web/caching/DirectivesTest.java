package dev.sluice.platform.web.caching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectivesTest {

    private static Directives parse(String... lines) {
        return Directives.parse(List.of(lines));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "max-age=3600|3600",
                "MaX-aGe=3600|3600",
                "max-age=003600|3600",
                "max-age=\"3600\"|3600",
                "foo, max-age=3600,|3600",
                "max-age=99999999999|2147483647",
                "max-age=99999999999999999999999999|2147483647",
                // What cannot be read is stale.
                "max-age='3600'|0",
                "max-age=-3600|0",
                "max-age=3600.0|0",
                "max-age=a3600|0",
                "max-age|0",
                "max-age=|0",
                "max-age =3600|0",
                "max-age= 3600|0",
                // The shorter of two counts.
                "max-age=1800, max-age=1|1",
                "max-age=1, max-age=1800|1",
                // What is quoted is no directive.
                "extension=\"max-age=3600\", max-age=1|1",
                "extension=\"a\\\", max-age=3600\", max-age=1|1",
            })
    void readsTheSecondsOfADirective(String line, long seconds) {
        assertThat(parse(line).secondsOf("max-age")).isEqualTo(OptionalLong.of(seconds));
    }

    @Test
    void tellsFieldsFromTheDirectiveAsAWhole() {
        Directives named = parse("no-cache=\"Set-Cookie, X-A\"", "max-age=5");
        assertThat(named.hasBare("no-cache")).isFalse();
        assertThat(named.fieldsOf("no-cache")).containsExactlyInAnyOrder("set-cookie", "x-a");
        assertThat(parse("no-cache=\"a\", no-cache").hasBare("no-cache")).isTrue();
        assertThat(parse("NO-store").hasBare("no-store")).isTrue();
        assertThat(parse("x=\"no-store\"").has("no-store")).isFalse();
        assertThat(parse().has("no-store")).isFalse();
    }
}
