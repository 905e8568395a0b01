package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A service behind the gateway answers nobody but the gateway. */
@SpringBootTest(
        classes = ProbeApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
            "management.server.port=0",
            "sluice.web.internal=true"
        })
class InternalIdentityIT {

    @LocalServerPort
    private int port;

    @Autowired
    private IdentityToken token;

    @Test
    void refusesACallerWithoutASignedIdentity() throws IOException {
        assertThat(get("")).startsWith("HTTP/1.1 401").contains("untrusted_caller");
        assertThat(get("X-Sluice-Identity: v1.YQ.YQ\r\n")).startsWith("HTTP/1.1 401");
    }

    @Test
    void answersTheGateway() throws IOException {
        String signed = token.sign(new Identity("acme", "k", "free", Set.of()));
        assertThat(get("X-Sluice-Identity: " + signed + "\r\n")).startsWith("HTTP/1.1 200");
    }

    private String get(String header) throws IOException {
        return RawHttp.exchange(port, "GET /things/1 HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
    }
}
