package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.HeaderEdits;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Connection",
                "Keep-Alive",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "X-Request-Id",
                "traceparent",
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-ssl",
                "X-Real-IP",
                "X-Sluice-Tenant",
                "Sec-WebSocket-Key"
            })
    void keepsWhatIsForTheGatewayAlone(String name) {
        HttpHeaders to = copied(new DefaultHttpHeaders().add(name, "x"));
        assertThat(to.names()).containsExactly("via");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer slk_live_a_b, false",
        "authorization, bearer slk_test_a_b, false",
        "X-API-Key, slk_live_a_b, false",
        "x-api-key, slk_, false",
        "Authorization, Basic dXBzdHJlYW0=, true",
        "X-API-Key, theirs, true",
        "Cookie, session=1, true"
    })
    void passesCredentialsButTheGatewaysOwnKeys(String name, String value, boolean passes) {
        assertThat(copied(new DefaultHttpHeaders().add(name, value)).contains(name))
                .isEqualTo(passes);
    }

    @Test
    void addsItselfToTheWayThatARequestCame() {
        assertThat(copied(new DefaultHttpHeaders()).getAll("Via")).containsExactly("1.1 sluice");
        HttpHeaders caller =
                new DefaultHttpHeaders().add("Via", "1.0 a, 1.1 sluice").add("Via", "2 b");
        assertThat(copied(caller).getAll("Via")).containsExactly("1.0 a, 1.1 sluice, 2 b, 1.1 sluice");
        assertThat(UpstreamHeaders.passesOf(caller)).isEqualTo(1);
        assertThat(UpstreamHeaders.passesOf(copied(caller))).isEqualTo(2);
        assertThat(UpstreamHeaders.passesOf(new DefaultHttpHeaders())).isZero();
    }

    @Test
    void removesThenSetsThenAdds() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("A", "1")
                .add("A", "2")
                .add("B", "1")
                .add("C", "1")
                .add("D", "1");
        UpstreamHeaders.edit(
                new HeaderEdits(Map.of("a", "3", "E", "1"), Map.of("B", "2", "C", "2"), Set.of("c", "d")), headers);
        assertThat(headers.getAll("A")).containsExactly("3");
        assertThat(headers.getAll("B")).containsExactly("1", "2");
        assertThat(headers.getAll("C")).containsExactly("2");
        assertThat(headers.contains("D")).isFalse();
        assertThat(headers.getAll("E")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "content-length",
                "Expect",
                "Host",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Via"
            })
    void neverChangesHowAMessageIsRead(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "1");
        UpstreamHeaders.edit(new HeaderEdits(Map.of(name, "2"), Map.of(), Set.of()), headers);
        UpstreamHeaders.edit(new HeaderEdits(Map.of(), Map.of(name, "3"), Set.of()), headers);
        UpstreamHeaders.edit(new HeaderEdits(Map.of(), Map.of(), Set.of(name)), headers);
        assertThat(headers.getAll(name)).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({"X-Checksum, true", "grpc-status, true", "Content-Length, false", "set-cookie, false", "TRAILER, false"
    })
    void knowsWhatMayStandBehindABody(String name, boolean may) {
        assertThat(UpstreamHeaders.mayTrail(name)).isEqualTo(may);
    }

    private static HttpHeaders copied(HttpHeaders caller) {
        HttpHeaders to = new DefaultHttpHeaders();
        UpstreamHeaders.copyRequest(caller, to);
        return to;
    }
}
