package dev.sluice.webhook.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DomainEvent;
import dev.sluice.webhook.fanout.Events;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What filters say, what they look at, and what is no filter. */
class FilterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[{'field':'/data/total','gt':100}]; {'total':100.01}; true",
                "[{'field':'/data/total','gt':100}]; {'total':100.0}; false",
                "[{'field':'/data/total','gt':100}]; {'total':'101'}; false",
                "[{'field':'/data/total','gte':1,'lt':2}]; {'total':1.0}; true",
                "[{'field':'/data/at','gte':'2026-01-01'}]; {'at':'2026-03-01T00:00:00Z'}; true",
                "[{'field':'/data/n','eq':9007199254740993}]; {'n':9007199254740992}; false",
                "[{'field':'/data/n','eq':0.1}]; {'n':0.10}; true",
                "[{'field':'/data/n','eq':1e400}]; {'n':1e400}; true",
                "[{'field':'/data/n','lt':1}]; {'n':1e999999999}; false",
                "[{'field':'/data/n','eq':null}]; {'n':null}; true",
                "[{'field':'/data/n','eq':null}]; {}; false",
                "[{'field':'/data/n','neq':true}]; {}; true",
                "[{'field':'/data/n','exists':true}]; {'n':null}; true",
                "[{'field':'/data/n','exists':false}]; {}; true",
                "[{'field':'/data/items/1/id','eq':'b'}]; {'items':[{'id':'a'},{'id':'b'}]}; true",
                "[{'field':'/data/items','eq':'b'}]; {'items':['b']}; false",
                "[{'field':'/data/a.b','eq':1}]; {'a':{'b':1}}; false",
                "[{'field':'/data/a.b','eq':1}]; {'a.b':1}; true",
                "[{'field':'/data/x~1y','eq':1}]; {'x/y':1}; true",
                "[{'field':'/data','eq':'text'}]; 'text'; true",
                "[{'field':'/subject','prefix':'order-'}]; {}; true",
                "[{'not':{'field':'/subject','in':['order-1','order-7']}}]; {}; false",
                "[{'or':[{'field':'/data/a','eq':1},{'field':'/subject','eq':'order-7'}]}]; {'a':2}; true",
                "[{'field':'/data/a','eq':1},{'field':'/subject','eq':'order-7'}]; {'a':2}; false"
            })
    void decides(String filter, String data, boolean expected) {
        DomainEvent event = event(data.replace('\'', '"'));
        assertThat(filter(filter).matches(FilteredEvent.of(event))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"a\":1", "{\"a\":1} {\"a\":1}", "", "\u0000"})
    void dataThatIsNoJsonIsNotThereAndTheSubjectStillIs(String data) {
        FilteredEvent event = FilteredEvent.of(event(data));

        assertThat(filter("[{'field':'/data/a','eq':1}]").matches(event)).isFalse();
        assertThat(filter("[{'field':'/data','exists':false}]").matches(event)).isTrue();
        assertThat(filter("[{'field':'/subject','eq':'order-7'}]").matches(event))
                .isTrue();
    }

    @Test
    void dataOfAnotherMediaTypeIsNotLookedInto() {
        DomainEvent event = DomainEvent.newBuilder(event("{\"a\":1}"))
                .setDataContentType("application/octet-stream")
                .build();
        assertThat(filter("[{'field':'/data/a','eq':1}]").matches(FilteredEvent.of(event)))
                .isFalse();
    }

    @Test
    void dataNestedBeyondAllMeasureIsNotThere() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(filter("[{'field':'/data','exists':true}]").matches(FilteredEvent.of(event(deep))))
                .isFalse();
    }

    @Test
    void dataIsParsedOnceForAllFiltersAndNotAtAllForNone() {
        AtomicInteger parsed = new AtomicInteger();
        FilteredEvent event = new FilteredEvent(event("{\"a\":1}"), data -> {
            parsed.incrementAndGet();
            return JsonData.parse(data);
        });

        assertThat(Filter.NONE.matches(event)).isTrue();
        assertThat(filter("[{'field':'/subject','eq':'order-7'}]").matches(event))
                .isTrue();
        assertThat(filter("[{'field':'/subject','eq':'a'},{'field':'/data/a','eq':1}]")
                        .matches(event))
                .isFalse();
        assertThat(parsed).hasValue(0);
        for (int i = 0; i < 50; i++) {
            assertThat(filter("[{'field':'/data/a','eq':1}]").matches(event)).isTrue();
        }
        assertThat(parsed).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]; filter",
                "[7]; filter[0]",
                "[[7]]; filter[0]",
                "[null]; filter[0]",
                "[{}]; filter[0]",
                "[{'field':'/data/a'}]; filter[0]",
                "[{'field':7,'eq':1}]; filter[0].field",
                "[{'field':'data.a','eq':1}]; filter[0].field",
                "[{'field':'/datas','eq':1}]; filter[0].field",
                "[{'field':'/data/~2','eq':1}]; filter[0].field",
                "[{'field':'/subject/a','eq':1}]; filter[0].field",
                "[{'field':'/data/a','like':1}]; filter[0].like",
                "[{'field':'/data/a','and':[]}]; filter[0].and",
                "[{'field':'/data/a','eq':{}}]; filter[0].eq",
                "[{'field':'/data/a','eq':[1]}]; filter[0].eq",
                "[{'field':'/data/a','gt':true}]; filter[0].gt",
                "[{'field':'/data/a','lt':null}]; filter[0].lt",
                "[{'field':'/data/a','in':[]}]; filter[0].in",
                "[{'field':'/data/a','in':[1,[2]]}]; filter[0].in[1]",
                "[{'field':'/data/a','exists':1}]; filter[0].exists",
                "[{'field':'/data/a','prefix':''}]; filter[0].prefix",
                "[{'and':[{'field':'/data/a','eq':1}],'or':[]}]; filter[0]",
                "[{'and':{}}]; filter[0].and",
                "[{'or':[]}]; filter[0].or",
                "[{'not':[]}]; filter[0].not",
                "[{'nor':[]}]; filter[0]",
                "[{'or':[{'field':'/data/a','eq':1},{'not':{'field':'/data/b','prefix':7}}]}]; filter[0].or[1].not.prefix"
            })
    void saysWhereWhatIsNoFilterIsNone(String filter, String field) {
        assertThat(refused(filter.replace('\'', '"'))).containsExactly(field);
    }

    @Test
    void hasBounds() {
        assertThat(refused(nested(7))).isEmpty();
        assertThat(refused(nested(8))).hasSize(1);
        assertThat(refused(many(50))).isEmpty();
        assertThat(refused(many(51))).containsExactly("filter[50]");
        assertThat(refused("[{\"field\":\"/data/a\",\"eq\":\"" + "x".repeat(257) + "\"}]"))
                .containsExactly("filter[0].eq");
        assertThat(refused("[{\"field\":\"/data/" + "x".repeat(260) + "\",\"eq\":1}]"))
                .containsExactly("filter[0].field");
        String values = IntStream.range(0, 51).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertThat(refused("[{\"field\":\"/data/a\",\"in\":[" + values + "]}]")).containsExactly("filter[0].in");
        String large = IntStream.range(0, 20)
                .mapToObj(i -> "{\"field\":\"/data/a\",\"neq\":\"" + "x".repeat(250) + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(refused(large)).containsExactly("filter");
    }

    @Test
    void aFilterOnTheLogThatIsNotKnownHereKeepsNothingFromItsOwner() {
        for (String text : List.of("[{\"field\":\"/data/a\",\"matches\":\"x\"}]", "{", "7", "[]")) {
            Filter filter = Filter.stored(text);
            assertThat(filter.matches(FilteredEvent.of(event("{}")))).as(text).isTrue();
            assertThat(filter.text()).isEqualTo(text);
        }
        assertThat(Filter.shown("{")).isNull();
        assertThat(Filter.stored(null)).isSameAs(Filter.NONE);
    }

    private static String nested(int negations) {
        return "[" + "{\"not\":".repeat(negations) + "{\"field\":\"/data/a\",\"eq\":1}" + "}".repeat(negations) + "]";
    }

    private static String many(int conditions) {
        return IntStream.range(0, conditions)
                .mapToObj(i -> "{\"field\":\"/data/a\",\"eq\":1}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static Filter filter(String text) {
        return Filter.read("filter", nodes(text.replace('\'', '"')), (field, detail) -> {
                    throw new AssertionError(field + " " + detail);
                })
                .orElseThrow();
    }

    private static List<String> refused(String text) {
        List<String> fields = new ArrayList<>();
        boolean taken = Filter.read("filter", nodes(text), (field, detail) -> {
                    assertThat(detail).isNotBlank();
                    fields.add(field);
                })
                .isPresent();
        assertThat(taken).isEqualTo(fields.isEmpty());
        return fields;
    }

    private static List<JsonNode> nodes(String text) {
        List<JsonNode> nodes = new ArrayList<>();
        JsonData.MAPPER.readTree(text).forEach(nodes::add);
        return nodes;
    }

    private static DomainEvent event(String data) {
        return DomainEvent.newBuilder(Events.of("acme", "evt", "a", ""))
                .setSubject("order-7")
                .setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)))
                .build();
    }
}
