package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain;charset=utf-8",
                "text/plain ; charset=\"utf-8\" ; format=flowed",
                "application/vnd.acme.order+json",
                "x/y;a=\"\""
            })
    void knowsMediaTypes(String text) {
        assertThat(MediaTypes.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "json",
                "application/",
                "/json",
                "application/json;",
                "application/json; charset",
                "application/json, text/plain",
                "appli cation/json",
                "application/json\r\nX: y",
                "text/plain;a=\"b\nc\"",
                "text/plain;a=\"b",
                "text/plän"
            })
    void refusesWhatIsNone(String text) {
        assertThat(MediaTypes.isValid(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "Application/JSON; charset=utf-8, true",
        "text/json, true",
        "application/vnd.acme+json;v=1, true",
        "application/jsonl, false",
        "application/xml, false",
        "text/plain;a=application/json, false"
    })
    void knowsWhichAreJson(String text, boolean expected) {
        assertThat(MediaTypes.isJson(text)).isEqualTo(expected);
    }
}
