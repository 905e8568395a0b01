package dev.sluice.platform.web.express;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.util.pattern.PathPatternParser;

class RawPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/b.c/d", "/a//b", "/a/"})
    void isThePathThatSpringMakesOfIt(String path) {
        RawPath raw = new RawPath(path);
        RequestPath parsed = RequestPath.parse(path, null);
        assertThat(raw.value()).isEqualTo(parsed.value());
        assertThat(raw.elements()).hasToString(parsed.elements().toString());
        assertThat(raw.pathWithinApplication().value())
                .isEqualTo(parsed.pathWithinApplication().value());
        assertThat(raw.contextPath().value()).isEqualTo(parsed.contextPath().value());
        assertThat(PathPatternParser.defaultInstance.parse("/a/**").matches(raw))
                .isEqualTo(PathPatternParser.defaultInstance.parse("/a/**").matches(PathContainer.parsePath(path)));
    }
}
