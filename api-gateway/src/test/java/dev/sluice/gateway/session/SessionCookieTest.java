package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCookieTest {

    @ParameterizedTest
    @CsvSource({
        "__Host-sluice-session=a, ''",
        "b=1; __Host-sluice-session=a, b=1",
        "__Host-sluice-session=a;b=1;c=2, b=1; c=2",
        "b=1; __Host-sluice-session=a; __Host-sluice-session=c; d=, b=1; d=",
        "b=1;c=2, b=1;c=2",
        "x__Host-sluice-session=a, x__Host-sluice-session=a"
    })
    void isTakenOutOfTheHeader(String header, String rest) {
        assertThat(SessionCookie.strip(header)).isEqualTo(rest);
    }

    @Test
    void isFoundAmongOthers() {
        assertThat(SessionCookie.find(List.of("a=b; __Host-sluice-session=one", "__Host-sluice-session=two; c=d")))
                .containsExactly("one", "two");
        assertThat(SessionCookie.find(List.of("a=b", "", ";;"))).isEmpty();
    }
}
