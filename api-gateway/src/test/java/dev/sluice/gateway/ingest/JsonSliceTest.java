package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSliceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-1.50E+3",
                "true",
                "null",
                "\"\"",
                "\"} , \\\" \\\\\"",
                "\"größer €\"",
                "{}",
                "[]",
                "[ 1 , {\"data\" : [ \"]\" ]} , \"{\" ]",
                "{ \"a\\\"}\" : { \"data\":[[]] } , \"b\":1 }",
            })
    void cutsTheValueOutByteForByte(String value) {
        for (String document : new String[] {
            "{\"data\":%s}",
            "{\"a\":1,\"data\":%s,\"b\":2}",
            " {\n\t\"a\" : \"data\" ,\r\n \"b\" : [ {\"data\":0} ] , \"data\" : %s \n} ",
            "{\"data\":%s,\"d\\u0061ta2\":1}",
            "{\"b\\\\\":{\"data\":1},\"data\":%s}",
            "{\"d\\u0061ta\":%s}",
        }) {
            byte[] bytes = document.replace("%s", value).getBytes(StandardCharsets.UTF_8);
            assertThat(JsonSlice.ofMember(bytes, "data"))
                    .as(document)
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{ \"a\" : \"data\" }", "{\"dat\":1,\"data2\":{\"data\":1}}", "{\"d\\u0061t\":1}"})
    void saysThatThereIsNone(String document) {
        assertThatThrownBy(() -> JsonSlice.ofMember(document.getBytes(StandardCharsets.UTF_8), "data"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesNoNameForAnotherThatIsAsLong() {
        byte[] document = "{\"dada\":1,\"data\":2}".getBytes(StandardCharsets.UTF_8);
        assertThat(JsonSlice.ofMember(document, "data"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("2");
    }
}
