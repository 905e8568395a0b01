package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Expect",
                "Authorization",
                "X-Api-Key",
                "X-API-KEY",
                "X-Request-Id",
                "Traceparent",
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Forwarded-Prefix",
                "X-Forwarded-Proto",
                "X-Real-IP",
                "X-Sluice-Identity",
                "X-Sluice-Client"
            })
    void whatTheGatewayVouchesForIsNotTakenFromACaller(String name) {
        List<String> copied = new ArrayList<>();
        ForwardedHeaders.copyRequest(
                List.of(Map.entry(name, "forged"), Map.entry("X-Other", "1")), (header, value) -> copied.add(header));
        assertThat(copied).containsExactly("X-Other");
    }
}
