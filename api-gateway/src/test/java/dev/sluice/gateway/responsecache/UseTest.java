package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.CachePolicy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller gets of an answer that came ten seconds ago. */
class UseTest {

    private static final long CAME = 1_760_000_000_000L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60||FRESH",
                "max-age=60|max-age=10|FRESH",
                "max-age=60|max-age=9|VALIDATE",
                "max-age=60|max-age=0|VALIDATE",
                "max-age=60|min-fresh=50|FRESH",
                "max-age=60|min-fresh=51|VALIDATE",
                "max-age=60|no-cache|VALIDATE",
                "max-age=60, no-cache||VALIDATE",
                "max-age=60, no-cache=\"a\"||FRESH",
                "max-age=10||VALIDATE",
                "max-age=5|max-stale=5|STALE",
                "max-age=5|max-stale=4|VALIDATE",
                "max-age=5|max-stale|STALE",
                "max-age=5, must-revalidate|max-stale|VALIDATE",
                "max-age=5, proxy-revalidate|max-stale|VALIDATE",
                "s-maxage=5|max-stale|VALIDATE",
                "max-age=5, stale-while-revalidate=6||STALE_WHILE_REVALIDATING",
                "max-age=5, stale-while-revalidate=5||VALIDATE",
                "max-age=5, stale-while-revalidate=6, must-revalidate||VALIDATE",
            })
    void decides(String answer, String wish, Use use) {
        Freshness freshness =
                Freshness.of(200, Fields.NONE.with("Cache-Control", answer), CAME, CAME, CachePolicy.USUAL);
        CallerWish asked = CallerWish.of(wish == null ? List.of() : List.of(wish), List.of());
        assertThat(Use.of(freshness, CAME, asked, CAME + 10_000)).isEqualTo(use);
    }
}
