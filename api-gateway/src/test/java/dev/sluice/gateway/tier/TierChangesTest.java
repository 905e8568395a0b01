package dev.sluice.gateway.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.gateway.table.JsonTree;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class TierChangesTest {

    private static final String GOLD = """
            {"description": "All that shines.", "costs": {"events": 2}, "limits": [
              {"name": "rate", "group": "*", "window": "second", "quota": 5, "burst": 9, "mode": "soft",
               "onRedisLoss": "open"},
              {"name": "charts", "group": "charts", "window": "month", "quota": 100, "burst": 100}]}
            """;

    private final FakeClock clock = FakeClock.fixed();
    private final FakeLogTable<Tier> log = FakeLogTable.unread();
    private final TierTable tiers = new TierTable(log, ShippedTiers.load(clock.instant()));
    private final Set<String> used = new HashSet<>();
    private final TierChanges changes = new TierChanges(tiers, used::contains, clock);

    @Test
    void makesReplacesAndDeletesATier() {
        log.load();
        TierChanges.Stored made = put("gold", GOLD, "If-None-Match", "*");
        assertThat(made.outcome()).isEqualTo(TierChanges.Outcome.CREATED);
        Tier tier = tiers.find("gold").orElseThrow();
        assertThat(tier.getDescription()).isEqualTo("All that shines.");
        assertThat(tier.getCosts()).isEqualTo(Map.of("events", 2L));
        assertThat(tier.getUpdatedAt()).isEqualTo(clock.instant());
        assertThat(tier.getLimits())
                .containsExactly(
                        new LimitRule("rate", "*", LimitWindow.SECOND, 5L, 9L, LimitMode.SOFT, LimitFallback.OPEN),
                        new LimitRule(
                                "charts",
                                "charts",
                                LimitWindow.MONTH,
                                100L,
                                100L,
                                LimitMode.ENFORCE,
                                LimitFallback.SHARE));

        TierChanges.Stored replaced = put("gold", GOLD, "If-Match", made.entry().entityTag());
        assertThat(replaced.outcome()).isEqualTo(TierChanges.Outcome.REPLACED);
        assertRefused(
                ProblemType.PRECONDITION_FAILED,
                "If-Match",
                () -> put("gold", GOLD, "If-Match", made.entry().entityTag()));
        assertRefused(ProblemType.PRECONDITION_FAILED, "If-None-Match", () -> put("gold", GOLD, "If-None-Match", "*"));

        assertRefused(
                ProblemType.PRECONDITION_FAILED,
                "If-Match",
                () -> changes.delete("gold", headers("If-Match", made.entry().entityTag())));
        changes.delete("gold", headers("If-Match", replaced.entry().entityTag()))
                .block();
        assertThat(tiers.find("gold")).isEmpty();
        assertRefused(ProblemType.NOT_FOUND, null, () -> changes.delete("gold", new HttpHeaders()));
    }

    @Test
    void keepsATierThatATenantHas() {
        log.load();
        put("gold", GOLD, "If-None-Match", "*");
        used.add("gold");
        assertRefused(ProblemType.CONFLICT, null, () -> changes.delete("gold", new HttpHeaders()));
        used.clear();
        changes.delete("gold", new HttpHeaders()).block();
        assertThat(tiers.find("gold")).isEmpty();
    }

    @Test
    void replacesAShippedTierForGoodButDoesNotDeleteIt() {
        log.load();
        TierEntry shipped = tiers.findEntry("free").orElseThrow();
        assertThat(shipped.entityTag()).isEqualTo("\"shipped\"");
        TierChanges.Stored replaced = put("free", GOLD, "If-Match", shipped.entityTag());
        assertThat(replaced.outcome()).isEqualTo(TierChanges.Outcome.REPLACED);
        assertThat(tiers.seed()).isCompleted();
        assertThat(tiers.free().getDescription()).isEqualTo("All that shines.");
        assertRefused(ProblemType.CONFLICT, null, () -> changes.delete("free", new HttpHeaders()));
        assertThat(tiers.free().getDescription()).isEqualTo("All that shines.");
    }

    @Test
    void waitsForTheLog() {
        assertRefused(ProblemType.UNAVAILABLE, null, () -> put("gold", GOLD, "If-None-Match", "*"));
        assertRefused(ProblemType.UNAVAILABLE, null, () -> changes.delete("free", new HttpHeaders()));
    }

    @Test
    void refusesANameThatCannotStandInAPath() {
        log.load();
        assertRefused(ProblemType.INVALID_PATH, "name", () -> put("Gold", GOLD, "If-None-Match", "*"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                            | wrong_type          | body",
                "{}                                            | missing_field       | description",
                "{'description': 5, 'limits': []}              | wrong_type          | description",
                "{'description': 'x'}                          | missing_field       | limits",
                "{'description': 'x', 'limits': {}}            | wrong_type          | limits",
                "{'description': 'x', 'limits': [], 'price': 1}| unknown_field       | price",
                "{'description': 'x', 'limits': [5]}           | wrong_type          | limits[0]",
                "{'description': 'x', 'limits': [{'quota':1}]} | missing_field       | limits[0].group",
                "{'description': 'x', 'limits': [], 'costs': {'sun': 1}}     | invalid_field       | costs.sun",
                "{'description': 'x', 'limits': [], 'costs': {'events': -1}} | number_out_of_range | costs.events",
            })
    void saysWhereATierIsWrong(String document, String code, String field) {
        log.load();
        assertThatThrownBy(() -> put("gold", document.replace('\'', '"'), "If-None-Match", "*"))
                .asInstanceOf(type(ProblemException.class))
                .returns(code, problem -> problem.type().code())
                .returns(field, ProblemException::field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'window': 'day', 'quota': 0                      | number_out_of_range | limits[1].quota",
                "'window': 'day', 'quota': 1000000001             | number_out_of_range | limits[1].quota",
                "'window': 'day', 'quota': 1.5                    | wrong_type          | limits[1].quota",
                "'window': 'day', 'quota': '5'                    | wrong_type          | limits[1].quota",
                "'window': 'day'                                  | missing_field       | limits[1].quota",
                "'window': 'week', 'quota': 1                     | invalid_field       | limits[1].window",
                "'window': 'unknown', 'quota': 1                  | invalid_field       | limits[1].window",
                "'window': 'day', 'quota': 1, 'burst': 2          | invalid_field       | limits[1].burst",
                "'window': 'day', 'quota': 1, 'mode': 'off'       | invalid_field       | limits[1].mode",
                "'window': 'day', 'quota': 1, 'on-redis-loss':'x' | unknown_field       | limits[1].on-redis-loss",
                "'window': 'day', 'quota': 1, 'onRedisLoss': 'x'  | invalid_field       | limits[1].onRedisLoss",
            })
    void saysWhereALimitIsWrong(String terms, String code, String field) {
        log.load();
        String document = "{'description': 'x', 'limits': [{'name': 'a', 'group': '*', 'window': 'hour', 'quota': 1},"
                + "{'name': 'b', 'group': '*', " + terms + "}]}";
        assertThatThrownBy(() -> put("gold", document.replace('\'', '"'), "If-None-Match", "*"))
                .asInstanceOf(type(ProblemException.class))
                .returns(code, problem -> problem.type().code())
                .returns(field, ProblemException::field)
                .satisfies(problem -> assertThat(problem.detail()).startsWith(field + " "));
    }

    private TierChanges.Stored put(String name, String json, String header, String value) {
        Object document = JsonTree.of(new StrictJson().readTree(json.getBytes(StandardCharsets.UTF_8)));
        return Objects.requireNonNull(
                changes.put(name, document, headers(header, value)).block());
    }

    private static HttpHeaders headers(String name, String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(name, value);
        return headers;
    }

    private static void assertRefused(ProblemType type, @Nullable String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(ProblemException.class))
                .returns(type, ProblemException::type)
                .returns(field, ProblemException::field);
    }
}
