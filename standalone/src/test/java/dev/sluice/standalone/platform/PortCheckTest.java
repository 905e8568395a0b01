package dev.sluice.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.standalone.LaunchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortCheckTest {

    @Test
    void acceptsFreePorts() {
        assertThatCode(() -> PortCheck.requireFree(Ports.free())).doesNotThrowAnyException();
    }

    @Test
    void namesThePortItsUseAndWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ports ports = Ports.free().withRedis(taken.getLocalPort());
            assertThatThrownBy(() -> PortCheck.requireFree(ports))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining(taken.getLocalPort() + " (redis)")
                    .hasMessageContaining("--port-offset");
        }
    }

    @Test
    void refusesOnePortForTwo() {
        Ports ports = Ports.free();
        assertThatThrownBy(() -> PortCheck.requireFree(ports.withGateway(ports.redis())))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("same port");
    }

    @Test
    void movesEveryPortByTheOffset() {
        Ports usual = Ports.withOffset(0);
        Ports moved = Ports.withOffset(1000);
        assertThat(usual.http(Application.API_GATEWAY)).isEqualTo(8080);
        assertThat(moved.http(Application.API_GATEWAY)).isEqualTo(9080);
        assertThat(moved.kafka() - usual.kafka()).isEqualTo(1000);
        assertThat(moved.owners().keySet())
                .doesNotContainAnyElementsOf(usual.owners().keySet().stream()
                        .filter(port -> port < 9000 || port > 10_000)
                        .toList());
    }

    @Test
    void aSecondNodeHasAGatewayAndACacheOfItsOwnAndSharesTheRest() {
        Ports usual = Ports.withOffset(0);
        Ports second = usual.ofSecondNode(10);
        assertThat(second.http(Application.API_GATEWAY)).isEqualTo(8090);
        assertThat(second.http(Application.CACHE_SERVICE)).isEqualTo(8091);
        assertThat(second.management(Application.CACHE_SERVICE)).isEqualTo(9091);
        assertThat(second.http(Application.WEBHOOK_DISPATCHER)).isEqualTo(usual.http(Application.WEBHOOK_DISPATCHER));
        assertThat(second.kafka()).isEqualTo(usual.kafka());
        assertThat(second.redis()).isEqualTo(usual.redis());
    }
}
