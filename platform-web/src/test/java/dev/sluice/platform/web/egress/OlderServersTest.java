package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Which servers are remembered, and for how long. */
class OlderServersTest {

    private long nanos = Long.MAX_VALUE - 1;
    private final OlderServers servers = new OlderServers(() -> nanos);

    @Test
    void knowsServersByNameAndPort() {
        servers.add(InetSocketAddress.createUnresolved("a.example.com", 443));
        servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8443));

        assertThat(servers.contains("https://a.example.com/hook?a=b")).isTrue();
        assertThat(servers.contains("https://127.0.0.1:8443/")).isTrue();
        assertThat(servers.contains("https://a.example.com:8443/")).isFalse();
        assertThat(servers.contains("https://b.example.com/")).isFalse();
        assertThat(servers.contains("https://[2a00:1450::1]/")).isFalse();
    }

    @Test
    void asksAgainAfterAWhile() {
        servers.add(InetSocketAddress.createUnresolved("a.example.com", 443));
        nanos += OlderServers.REMEMBERED_NANOS - 1;
        assertThat(servers.contains("https://a.example.com/")).isTrue();
        nanos++;
        assertThat(servers.contains("https://a.example.com/")).isFalse();
        assertThat(servers.contains("https://a.example.com/")).isFalse();
    }

    @Test
    void remembersNoMoreThanItHasRoomFor() {
        for (int i = 0; i < 50_000; i++) {
            servers.add(InetSocketAddress.createUnresolved("s" + i + ".example.com", 443));
        }
        assertThat(servers.size()).isLessThanOrEqualTo(20_000).isPositive();
        assertThat(servers.contains("https://s49999.example.com/")).isTrue();
    }
}
