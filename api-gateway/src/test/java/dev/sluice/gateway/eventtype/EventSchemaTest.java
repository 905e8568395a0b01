package dev.sluice.gateway.eventtype;

import static dev.sluice.gateway.eventtype.Schemas.problem;
import static dev.sluice.gateway.eventtype.Schemas.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaException;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSchemaTest {

    private static final String ORDER = "{'type':'object','required':['id'],'additionalProperties':false,'properties':{"
            + "'id':{'type':'string','pattern':'^o-[0-9]+$'},'total':{'type':'number','minimum':0},"
            + "'lines':{'type':'array','maxItems':2,'items':{'$ref':'#/$defs/line'}}},"
            + "'$defs':{'line':{'type':'object','required':['sku'],'properties':{'sku':{'type':'string'}}}}}";

    @Test
    void takesDataThatFits() {
        assertThat(problem(ORDER, "{'id':'o-1','total':42.10,'lines':[{'sku':'a/b'}]}"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}|/data|required",
                "7|/data|type",
                "{'id':7}|/data/id|type",
                "{'id':'7'}|/data/id|pattern",
                "{'id':'o-1','total':-1}|/data/total|minimum",
                "{'id':'o-1','lines':[{'sku':'a'},{}]}|/data/lines/1|required",
                "{'id':'o-1','lines':[{'sku':1}]}|/data/lines/0/sku|type",
                "{'id':'o-1','lines':[{'sku':'1'},{'sku':'1'},{'sku':'1'}]}|/data/lines|maxItems",
                "{'id':'o-1','a/b~c':1}|/data|additionalProperties",
            })
    void pointsAtWhatDoesNotFit(String data, String pointer, String keyword) {
        ProblemException problem = Objects.requireNonNull(problem(ORDER, data));
        assertThat(problem.type().status()).isEqualTo(422);
        assertThat(problem.type().code()).isEqualTo("schema_violation");
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(pointer);
        assertThat(problem.errors()).extracting(FieldError::code).containsExactly(keyword);
    }

    @Test
    void tellsEveryViolationUpToTwentyAndRepeatsNothingThatWasSent() {
        String lines =
                IntStream.range(0, 50).mapToObj(i -> "'secret-" + i + "'").collect(Collectors.joining(","));
        ProblemException problem = Objects.requireNonNull(problem("{'items':{'enum':[1,2]}}", "[" + lines + "]"));
        assertThat(problem.errors()).hasSize(20);
        assertThat(problem.errors())
                .allSatisfy(error -> assertThat(error.detail()).doesNotContain("secret"));
    }

    @Test
    void refusesEventsWithoutJson() {
        assertThatThrownBy(() -> EventSchema.of("{}").check(null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo("/data"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "7|/schema",
                "{'type':'strnig'}|/schema/type",
                "{'requried':['a']}|/schema/requried",
                "{'minimum':'1'}|/schema/minimum",
                "{'$schema':'http://json-schema.org/draft-07/schema#'}|/schema/$schema",
                "{'properties':{'a':{'$id':'http://evil.example/'}}}|/schema/properties/a/$id",
                "{'properties':{'a':{'$ref':'http://evil.example/a.json'}}}|/schema/properties/a/$ref",
                "{'anyOf':[{'$ref':'file:///etc/passwd'}]}|/schema/anyOf/0/$ref",
                "{'$ref':'other.json'}|/schema/$ref",
                "{'$ref':'#/$defs/none'}|/schema/$ref",
                "{'enum':[{'$ref':'http://evil.example/'}],'$ref':'#/enum/0'}|/schema/$ref",
                "{'$dynamicRef':'http://evil.example/'}|/schema/$dynamicRef",
                "{'pattern':'(a)\\\\1'}|/schema/pattern",
                "{'pattern':'(?=a)'}|/schema/pattern",
                "{'pattern':'(a{100}){100}'}|/schema/pattern",
                "{'patternProperties':{'(?!x)':true}}|/schema/patternProperties/(?!x)",
                "{'items':[]}|/schema/items",
                "{'$ref':'#'}|schema",
                "{'allOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'anyOf':[{'$ref':'#'}]}}}|schema",
            })
    void refusesWhatIsNoSchemaForTheCatalogue(String schema, String field) {
        ProblemException problem = Objects.requireNonNull(refusal(schema));
        assertThat(problem.type().status()).as(problem.getMessage()).isEqualTo(400);
        assertThat(problem.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "{}",
                "{'$id':'https://acme.example/order','$schema':'https://json-schema.org/draft/2020-12/schema'}",
                "{'properties':{'$ref':{'type':'string'}},'x-owner':'shop','const':{'$ref':'http://evil.example/'}}",
                "{'properties':{'next':{'$ref':'#'}}}",
            })
    void takesSchemasThatStayWithinThemselves(String schema) {
        assertThat(refusal(schema)).isNull();
    }

    @Test
    void refusesALargeSchema() {
        ProblemException problem = Objects.requireNonNull(refusal("{'title':'" + "x".repeat(65_536) + "'}"));
        assertThat(problem.type().status()).isEqualTo(413);
    }

    /** Should a reference get past the rules, its target still is not fetched. */
    @Test
    void fetchesNothing() throws Exception {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String reference = "{'$ref':'http://127.0.0.1:" + elsewhere.getLocalPort() + "/schema.json'}";
            EventSchema schema = EventSchema.of(reference.replace('\'', '"'));
            assertThatThrownBy(() -> schema.check(ByteBuffer.wrap(new byte[] {'1'})))
                    .isInstanceOf(SchemaException.class);
            elsewhere.setSoTimeout(200);
            assertThatThrownBy(elsewhere::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Java's own expressions take longer than the universe for this. */
    @Test
    void matchesPatternsInLinearTime() {
        assertThat(problem("{'pattern':'^(a+)+$'}", "'" + "a".repeat(100_000) + "!'"))
                .isNotNull();
        assertThat(problem("{'pattern':'^(a|a)*$'}", "'" + "a".repeat(100_000) + "'"))
                .isNull();
    }

    @Test
    void endsAfterSoManySteps() {
        String tree = "{'$ref':'#/$defs/node','$defs':{'node':{'properties':{'n':{'allOf':[{'$ref':'#/$defs/node'},"
                + "{'$ref':'#/$defs/node'}]}}}}}";
        assertThat(refusal(tree)).isNull();
        String deep = "{'n':".repeat(50) + "1" + "}".repeat(50);
        assertThat(Objects.requireNonNull(problem(tree, deep)).detail()).contains("steps");
    }

    @Test
    void comparesOnlySoManyItemsWithEachOther() {
        String items = IntStream.range(0, 1_001).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertThat(problem("{'uniqueItems':true}", "[1,1]")).isNotNull();
        assertThat(problem("{'uniqueItems':true}", "[1,2]")).isNull();
        assertThat(Objects.requireNonNull(problem("{'uniqueItems':true}", "{'a':[" + items + "]}"))
                        .detail())
                .contains("uniqueItems");
    }
}
