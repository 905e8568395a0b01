package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Condition;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class RequestHeadersTest {
    private final HttpHeaders sent = new HttpHeaders();
    private final RequestHeaders headers = new RequestHeaders(sent);

    @Test
    void keepsAValueForADayWhenNothingIsSaid() {
        assertThat(headers.ttl()).isEqualTo(Duration.ofHours(24));
        assertThat(headers.contentType()).isEqualTo("application/octet-stream");
        assertThat(headers.putCondition()).isEqualTo(Condition.any());
        assertThat(headers.deleteCondition()).isEqualTo(Condition.any());
        assertThat(headers.hasAlready(1)).isFalse();
        assertThat(headers.accepts(1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"max-age=1, 1", "max-age=2592000, 2592000", "MAX-AGE=60, 60", "' max-age=60 ', 60", "max-age=0060, 60"})
    void keepsAValueAsLongAsItIsTold(String value, long seconds) {
        sent.set("Cache-Control", value);
        assertThat(headers.ttl()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max-age",
                "max-age=",
                "max-age=0",
                "max-age=-1",
                "max-age=+1",
                "max-age=1.5",
                "max-age=2592001",
                "max-age=9999999999",
                "max-age=99999999999999999999",
                "max-age=1e3",
                "max-age=0x10",
                "max-age = 60",
                "max-age=\"60\"",
                "max-age=60, private",
                "max-age=60,max-age=60",
                "no-store",
                "s-maxage=60",
                "60",
                "max-age=٣",
                "max-age=60;"
            })
    void refusesOtherLifetimesAndNamesTheHeader(String value) {
        sent.set("Cache-Control", value);
        assertRefused(headers::ttl, "Cache-Control", "max-age=N");
    }

    @Test
    void refusesAHeaderThatIsSentTwice() {
        sent.add("Cache-Control", "max-age=60");
        sent.add("Cache-Control", "max-age=61");
        assertRefused(headers::ttl, "Cache-Control", "once");
        sent.add("Content-Type", "a/b");
        sent.add("Content-Type", "a/b");
        assertRefused(headers::contentType, "Content-Type", "once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain; charset=utf-8", "application/vnd.a+json;v=\"x y\"", "Image/PNG"})
    void keepsAContentTypeAsItWasSent(String value) {
        sent.set("Content-Type", value);
        assertThat(headers.contentType()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "*/*",
                "text/*",
                "text/plain;",
                "text/plain; charset=klingon",
                "text/plain, a/b",
                "text/pläin",
                "a/b\u0000"
            })
    void refusesOtherContentTypes(String value) {
        sent.set("Content-Type", value);
        assertRefused(headers::contentType, "Content-Type", "one media type");
    }

    @Test
    void refusesAContentTypeWithoutEnd() {
        sent.set("Content-Type", "a/" + "b".repeat(254));
        assertRefused(headers::contentType, "Content-Type", "255");
    }

    @Test
    void readsTheConditionOfAWrite() {
        sent.set("If-Match", "\"42\"");
        assertThat(headers.putCondition()).isEqualTo(Condition.version(42));
        assertThat(headers.deleteCondition()).isEqualTo(Condition.version(42));
        sent.set("If-Match", "*");
        assertThat(headers.putCondition()).isEqualTo(Condition.present());
        sent.remove("If-Match");
        sent.set("If-None-Match", "*");
        assertThat(headers.putCondition()).isEqualTo(Condition.absent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"42\"", "\"abc\"", "\"\"", "\"042\"", "\"99999999999999999999\"", "\"-1\""})
    void aTagThatIsNobodysMatchesNoVersion(String tag) {
        sent.set("If-Match", tag);
        assertThat(headers.putCondition()).isEqualTo(Condition.version(1));
        assertThat(headers.accepts(42)).isFalse();
    }

    @Test
    void refusesConditionsThatCannotBeChecked() {
        sent.set("If-Match", "\"1\", \"2\"");
        assertRefused(headers::putCondition, "If-Match", "one entity tag");
        sent.set("If-None-Match", "*");
        assertRefused(headers::putCondition, "If-None-Match", "not both");
        assertRefused(headers::deleteCondition, "If-None-Match", "If-Match only");
        sent.remove("If-Match");
        sent.set("If-None-Match", "\"1\"");
        assertRefused(headers::putCondition, "If-None-Match", "Send *");
        sent.set("If-None-Match", "1");
        assertRefused(headers::requireReadConditions, "If-None-Match", "quotes");
    }

    private static void assertRefused(ThrowingCallable call, String header, String remedy) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.INVALID_HEADER);
            assertThat(problem.field()).isEqualTo(header);
            assertThat(problem.detail()).contains(remedy);
        });
    }
}
