package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.ratelimit.FakeSharedLimits.Mood;
import dev.sluice.gateway.ratelimit.LimitQuestions.Item;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitChecksTest {

    private static final Identity ACME = LimitFixture.caller("acme", "key-a", "free", "events:write");
    private static final Identity SERVICE = LimitFixture.caller("ops", "key-o", "unlimited", "limits:check");
    private static final Identity ADMIN = LimitFixture.caller("ops", "key-p", "unlimited", "admin");

    private final LimitFixture limits = new LimitFixture()
            .tenant("acme", "free")
            .tenant("bell", "basic")
            .tenant("ops", "unlimited")
            .key("key-a", "acme")
            .key("key-b", "bell")
            .load();

    @Test
    void chargesWhatItAdmitsInTheOrderOfTheItems() {
        List<LimitAnswer> answers = ask(
                ACME,
                item(null, null, "readings", null, 6L),
                item(null, null, "readings", null, 5L),
                item(null, null, "readings", null, null),
                item(null, null, "readings", null, 0L));
        assertThat(answers).extracting(LimitAnswer::admitted).containsExactly(true, false, true, true);
        assertThat(answers.get(1).violatedPolicies()).containsExactly("readings-day");
        assertThat(answers.get(1).retryAfterSeconds()).isEqualTo(86_400);
        assertThat(answers.get(1).tier()).isEqualTo("free");
        assertThat(answers).extracting(answer -> used(answer, "readings-day")).containsExactly(6L, 6L, 7L, 7L);
        assertThat(answers).extracting(answer -> used(answer, "rate")).containsExactly(6L, 6L, 7L, 7L);
        assertThat(answers)
                .extracting(LimitAnswer::verdict)
                .containsExactly("admitted", "denied", "admitted", "admitted");
    }

    @Test
    void asksOneLimitAloneByItsName() {
        LimitAnswer answer = ask(ACME, item(null, null, null, "charts-day", 3L)).getFirst();
        assertThat(answer.limits()).singleElement().satisfies(limit -> {
            assertThat(limit.name()).isEqualTo("charts-day");
            assertThat(limit.remaining()).isEqualTo(47);
        });
        LimitAnswer rate = ask(ACME, item(null, null, null, "rate", 0L)).getFirst();
        assertThat(used(rate, "rate")).isZero();
    }

    @Test
    void answersForOtherTenantsThoseWhoMayAsk() {
        for (Identity caller : List.of(SERVICE, ADMIN)) {
            List<LimitAnswer> answers = ask(
                    caller,
                    item("acme", null, "readings", null, 1L),
                    item(null, "key-b", "readings", null, 1L),
                    item("bell", "key-b", "readings", null, 1L));
            assertThat(answers).extracting(LimitAnswer::tenant).containsExactly("acme", "bell", "bell");
            assertThat(answers).extracting(LimitAnswer::tier).containsExactly("free", "basic", "basic");
        }
        assertThat(used(ask(ACME, item(null, null, "readings", null, 0L)).getFirst(), "readings-day"))
                .isEqualTo(2);
    }

    @Test
    void tellsNobodyElseWhatThereIs() {
        List<LimitAnswer> answers = ask(
                ACME,
                item("bell", null, "readings", null, 1L),
                item("nobody", null, "readings", null, 1L),
                item(null, "key-b", "readings", null, 1L),
                item(null, "key-z", "readings", null, 1L),
                item("acme", null, "readings", null, 1L),
                item(null, "key-a", "readings", null, 1L));
        assertThat(answers)
                .extracting(LimitChecksTest::codeAndField)
                .containsExactly(
                        "forbidden items[0].tenant",
                        "forbidden items[1].tenant",
                        "not_found items[2].key",
                        "not_found items[3].key",
                        "",
                        "");
        assertThat(answers).extracting(LimitAnswer::admitted).containsExactly(false, false, false, false, true, true);
    }

    @Test
    void saysOfEachItemWhatIsWrongAndDecidesTheOthers() {
        List<LimitAnswer> answers = ask(
                ADMIN,
                null,
                item("acme", null, null, null, 1L),
                item("acme", null, "readings", "rate", 1L),
                item("acme", null, "reading", null, 1L),
                item("acme", null, "*", null, 1L),
                item("acme", null, null, "minute", 1L),
                item("acme", null, "readings", null, -1L),
                item("acme", null, "readings", null, 1_000_001L),
                item("acme", null, "readings", null, 11L),
                item("nobody", null, "readings", null, 1L),
                item("acme", "key-b", "readings", null, 1L),
                item("acme", null, "readings", null, 10L));
        assertThat(answers)
                .extracting(LimitChecksTest::codeAndField)
                .containsExactly(
                        "wrong_type items[0]",
                        "invalid_field items[1].group",
                        "invalid_field items[2].group",
                        "invalid_field items[3].group",
                        "invalid_field items[4].group",
                        "not_found items[5].limit",
                        "number_out_of_range items[6].cost",
                        "number_out_of_range items[7].cost",
                        "invalid_field items[8].cost",
                        "not_found items[9].tenant",
                        "not_found items[10].key",
                        "");
        assertThat(answers.getLast().admitted()).isTrue();
    }

    @Test
    void takesNeitherNoItemNorTooMany() {
        assertThatThrownBy(() -> ask(ACME)).hasMessageContaining("1 to 100");
        LimitQuestions many = new LimitQuestions(Collections.nCopies(101, item(null, null, "readings", null, 1L)));
        assertThatThrownBy(() -> limits.checks.answer(ACME, many)).hasMessageContaining("1 to 100");
    }

    @Test
    void waitsUntilItKnowsEveryTenant() {
        LimitFixture loading = new LimitFixture().tenant("acme", "free");
        LimitQuestions one = new LimitQuestions(List.of(item(null, null, "readings", null, 1L)));
        assertThatThrownBy(() -> loading.checks.answer(ACME, one))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    @Test
    void answersFromItsOwnCountsWhileRedisIsAway() {
        limits.shared.turn(Mood.FAILS);
        List<LimitAnswer> answers =
                ask(ACME, item(null, null, "readings", null, 10L), item(null, null, "readings", null, 1L));
        assertThat(answers).extracting(LimitAnswer::admitted).containsExactly(true, false);
    }

    private List<LimitAnswer> ask(Identity caller, @Nullable Item... items) {
        return Objects.requireNonNull(limits.checks
                .answer(caller, new LimitQuestions(Arrays.asList(items)))
                .block());
    }

    private static Item item(
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String group,
            @Nullable String limit,
            @Nullable Long cost) {
        return new Item(tenant, key, group, limit, cost);
    }

    private static long used(LimitAnswer answer, String limit) {
        return answer.limits().stream()
                .filter(view -> view.name().equals(limit))
                .mapToLong(LimitView::used)
                .findFirst()
                .orElse(-1);
    }

    private static String codeAndField(LimitAnswer answer) {
        FieldError error = answer.error();
        return error == null ? "" : error.code() + " " + error.field();
    }
}
