package dev.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaLintTest {
    private static final String LONG = "{'name':'a','type':'long','doc':'A.'}";

    @ParameterizedTest
    @MethodSource("allVersions")
    void everyCommittedSchemaIsClean(RegisteredSchema schema) {
        assertThat(SchemaLint.check(schema.schema())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("successions")
    void everyVersionFollowsEveryOlderOneCleanly(RegisteredSchema older, RegisteredSchema newer) {
        assertThat(SchemaLint.compare(older.schema(), newer.schema())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "DOC # {'name':'a','type':'long'}",
                "NULL_DEFAULT # {'name':'a','type':['null','long'],'doc':'A.'}",
                "UNION # {'name':'a','type':['long','null'],'default':1,'doc':'A.'}",
                "UNION # {'name':'a','type':['null','long','string'],'default':null,'doc':'A.'}",
                "ENUM_DEFAULT # {'name':'a','type':{'type':'enum','name':'E','doc':'E.','symbols':['X']},'doc':'A.'}",
                "TIMESTAMP # {'name':'a','type':{'type':'long','logicalType':'timestamp-millis'},'doc':'A.'}",
                "ZERO_WIDTH # {'name':'a','type':{'type':'array','items':'null'},'doc':'A.'}",
                "ZERO_WIDTH # {'name':'a','type':{'type':'record','name':'E','doc':'E.','fields':[]},'doc':'A.'}",
                "RECURSIVE # {'name':'a','type':['null','R'],'default':null,'doc':'A.'}",
            })
    void ruleBites(String rule, String field) {
        assertThat(SchemaLint.check(record("R", field))).anyMatch(finding -> finding.startsWith(rule + " "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "TYPE # 'long' # 'int'",
                "LOGICAL_TYPE # {'type':'long','logicalType':'timestamp-millis'}"
                        + " # {'type':'long','logicalType':'timestamp-micros'}",
                "LOGICAL_TYPE # {'type':'bytes','logicalType':'decimal','precision':9,'scale':2}"
                        + " # {'type':'bytes','logicalType':'decimal','precision':9,'scale':4}",
                "UNIT # {'type':'long','unit':'ms'} # {'type':'long','unit':'ns'}",
                "NAME # {'type':'fixed','name':'F','size':2} # {'type':'fixed','name':'G','size':2}",
                "SYMBOL # {'type':'enum','name':'E','symbols':['A','B']} # {'type':'enum','name':'E','symbols':['A']}",
                "TYPE # ['null','long'] # ['null','long','string']",
                "TYPE # {'type':'array','items':'long'} # {'type':'array','items':'string'}",
                "TYPE # {'type':'map','values':'long'} # {'type':'map','values':'string'}",
            })
    void changeOfTypeIsSeen(String rule, String before, String after) {
        List<String> findings = SchemaLint.compare(
                record("R", "{'name':'a','type':" + before + "}"), record("R", "{'name':'a','type':" + after + "}"));
        assertThat(findings).singleElement().asString().startsWith(rule + " ");
    }

    @Test
    void changedDefaultIsSeen() {
        assertThat(SchemaLint.compare(
                        record("R", "{'name':'a','type':'long','default':1}"),
                        record("R", "{'name':'a','type':'long','default':2}")))
                .singleElement()
                .asString()
                .startsWith("DEFAULT ");
    }

    @Test
    void renamedRecordIsSeen() {
        assertThat(SchemaLint.compare(record("R", LONG), record("S", LONG)))
                .singleElement()
                .asString()
                .startsWith("NAME ");
    }

    @Test
    void newFieldWithoutDefaultIsSeen() {
        assertThat(SchemaLint.compare(record("R", LONG), record("R", LONG, "{'name':'b','type':'long'}")))
                .singleElement()
                .asString()
                .startsWith("REQUIRED ");
    }

    @Test
    void removedFieldMustBeReservedAndNotComeBack() {
        Schema both = record("R", LONG, "{'name':'b','type':'long','default':0}");
        Schema removed = record("R", LONG);
        Schema reserved = parse("{'type':'record','name':'R','doc':'R.','reserved':['b'],'fields':[" + LONG + "]}");
        assertThat(SchemaLint.compare(both, removed)).singleElement().asString().startsWith("RESERVED ");
        assertThat(SchemaLint.compare(both, reserved)).isEmpty();
        assertThat(SchemaLint.compare(reserved, both))
                .singleElement()
                .asString()
                .startsWith("RESERVED ");
    }

    private static Schema record(String name, String... fields) {
        return parse("{'type':'record','name':'" + name + "','doc':'R.','fields':[" + String.join(",", fields) + "]}");
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(text.replace('\'', '"'));
    }

    static Stream<RegisteredSchema> allVersions() {
        return SchemaCatalogue.shared().all().stream();
    }

    /** Every pair of versions, and the newest with itself, so that there is always something to test. */
    static Stream<Arguments> successions() {
        return allVersions()
                .flatMap(newer -> SchemaCatalogue.shared().history(newer.record()).stream()
                        .filter(older -> older.version() <= newer.version())
                        .map(older -> Arguments.of(older, newer)));
    }
}
