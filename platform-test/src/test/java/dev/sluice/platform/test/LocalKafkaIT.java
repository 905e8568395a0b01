package dev.sluice.platform.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.local.BrokerSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class LocalKafkaIT {

    @Test
    void sharesOneBrokerThatAnswers() throws Exception {
        assertThat(LocalKafka.shared()).isSameAs(LocalKafka.shared());
        try (Admin admin = admin(LocalKafka.shared().bootstrapServers())) {
            assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                    .hasSize(1);
        }
    }

    @Test
    void isolatedBrokerKeepsPortAndDataAcrossRestart() throws Exception {
        String topic = TopicNames.unique("restart");
        try (IsolatedKafka broker = LocalKafka.newIsolated()) {
            try (Admin admin = admin(broker.bootstrapServers())) {
                admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            broker.stop();
            try (Admin admin = admin(broker.bootstrapServers())) {
                assertThatThrownBy(() -> admin.listTopics().names().get(30, TimeUnit.SECONDS))
                        .hasMessageContaining("Timed out");
            }
            broker.start();
            try (Admin admin = admin(broker.bootstrapServers())) {
                assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains(topic);
            }
        }
    }

    @Test
    void portsThatSomebodyElseTookMeanwhileAreLeftToHim() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Queue<BrokerSettings> asked = new ArrayDeque<>();
            try (IsolatedKafka broker = IsolatedKafka.on(folder -> {
                BrokerSettings free = BrokerSettings.onFreePorts(folder);
                BrokerSettings settings = switch (asked.size()) {
                    case 0 -> new BrokerSettings(free.port(), taken.getLocalPort(), folder);
                    case 1 -> new BrokerSettings(taken.getLocalPort(), free.controllerPort(), folder);
                    default -> free;
                };
                asked.add(settings);
                return settings;
            })) {
                assertThat(asked).hasSize(3);
                try (Admin admin = admin(broker.bootstrapServers())) {
                    assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                            .hasSize(1);
                }
            }
        }
    }

    @Test
    void aBrokerThatCannotStartFailsItsTestAndNotTheJvm() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> IsolatedKafka.on(folder -> new BrokerSettings(
                            BrokerSettings.onFreePorts(folder).port(), taken.getLocalPort(), folder)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot start");
        }
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers, "request.timeout.ms", 3000, "default.api.timeout.ms", 5000));
    }
}
