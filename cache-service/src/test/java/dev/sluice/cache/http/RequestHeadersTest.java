package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.List;
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
        assertThat(headers.lifetime(NamespaceRules.USUAL)).isEqualTo(Lifetime.of(Duration.ofHours(24)));
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
        assertThat(headers.lifetime(NamespaceRules.USUAL)).isEqualTo(Lifetime.of(Duration.ofSeconds(seconds)));
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
                "max-age=60;",
                "max-age=60, stale-if-error",
                "max-age=60, stale-if-error=1, stale-if-error=1",
                "max-age=2592000, stale-if-error=1",
                "max-age=60,, stale-if-error=1",
                "max-idle",
                "max-idle=0",
                "max-idle=-5",
                "max-idle=2592001",
                "max-idle=9999999999",
                "max-idle=5, max-idle=5",
                "max-age=60, idle=5"
            })
    void refusesOtherLifetimesAndNamesTheHeader(String value) {
        sent.set("Cache-Control", value);
        assertRefused(() -> headers.lifetime(NamespaceRules.USUAL), "Cache-Control", "max-age=N");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60, stale-while-revalidate=5|60|5|0",
                "stale-if-error=7 ,max-age=60|60|0|7",
                "Stale-If-Error=7, stale-while-revalidate=5|86400|5|7",
                "max-age=1, stale-if-error=2591999|1|0|2591999",
            })
    void keepsAValueStaleAsLongAsItIsTold(String value, long fresh, long revalidate, long error) {
        sent.set("Cache-Control", value);
        assertThat(headers.lifetime(NamespaceRules.USUAL))
                .isEqualTo(new Lifetime(
                        Duration.ofSeconds(fresh), Duration.ofSeconds(revalidate), Duration.ofSeconds(error)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-idle=5|86400|5",
                "max-age=60, MAX-IDLE=1|60|1",
                "max-idle=2592000 ,max-age=1|1|2592000",
            })
    void keepsAValueAsLongAsItIsRead(String value, long fresh, long idle) {
        sent.set("Cache-Control", value);
        assertThat(headers.lifetime(NamespaceRules.USUAL))
                .isEqualTo(Lifetime.of(Duration.ofSeconds(fresh)).withIdle(Duration.ofSeconds(idle)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-stale|AFTER_ERROR",
                "no-cache, Stale-If-Error|AFTER_ERROR",
                "max-stale=5|WHILE_REVALIDATING",
                "no-cache|WHILE_REVALIDATING",
            })
    void takesStaleValuesWhereTheAskerDoes(String value, StaleReads expected) {
        sent.set("Cache-Control", value);
        assertThat(headers.staleReads()).isEqualTo(expected);
    }

    @Test
    void readsTheLeaseOfAWrite() {
        sent.set("Cache-Lease", "\"42\"");
        assertThat(headers.putCondition()).isEqualTo(Condition.lease(42));
        assertRefused(headers::wantsLease, "Cache-Lease", "?1");
        sent.set("If-Match", "\"42\"");
        assertRefused(headers::putCondition, "Cache-Lease", "not both");
        sent.remove("If-Match");
        for (String value : List.of("42", "\"0\"", "\"x\"", "?1", "")) {
            sent.set("Cache-Lease", value);
            assertRefused(headers::putCondition, "Cache-Lease", "quotes");
        }
        sent.set("Cache-Absent", "true");
        assertRefused(headers::saysAbsent, "Cache-Absent", "?1");
    }

    @Test
    void refusesAHeaderThatIsSentTwice() {
        sent.add("Cache-Control", "max-age=60");
        sent.add("Cache-Control", "max-age=61");
        assertRefused(() -> headers.lifetime(NamespaceRules.USUAL), "Cache-Control", "once");
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
