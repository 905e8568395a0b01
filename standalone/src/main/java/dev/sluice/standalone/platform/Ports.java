package dev.sluice.standalone.platform;

import dev.sluice.platform.local.FreePorts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ports of one platform, all on the loopback address.
 *
 * @param http of each application, in the order of {@link Application}
 * @param management of each application, in the same order
 */
public record Ports(List<Integer> http, List<Integer> management, int kafka, int kafkaController, int redis) {

    private static final int FIRST_HTTP = 8080;
    private static final int FIRST_MANAGEMENT = 9080;
    private static final int KAFKA = 19_092;
    private static final int KAFKA_CONTROLLER = 19_093;
    private static final int REDIS = 16_379;

    public Ports {
        http = List.copyOf(http);
        management = List.copyOf(management);
        int applications = Application.values().length;
        if (http.size() != applications || management.size() != applications) {
            throw new IllegalArgumentException("http and management must have a port for each application");
        }
    }

    /** The usual ports, all moved by the same offset. */
    public static Ports withOffset(int offset) {
        return new Ports(
                consecutive(FIRST_HTTP + offset),
                consecutive(FIRST_MANAGEMENT + offset),
                KAFKA + offset,
                KAFKA_CONTROLLER + offset,
                REDIS + offset);
    }

    public static Ports free() {
        List<Integer> ports = FreePorts.take(11);
        return new Ports(ports.subList(0, 4), ports.subList(4, 8), ports.get(8), ports.get(9), ports.get(10));
    }

    public Ports withGateway(int port) {
        return new Ports(
                List.of(port, http.get(1), http.get(2), http.get(3)), management, kafka, kafkaController, redis);
    }

    /** Of a second gateway and cache beside these, so much further on; all else is shared. */
    Ports ofSecondNode(int offset) {
        return new Ports(
                List.of(http.get(0) + offset, http.get(1) + offset, http.get(2), http.get(3)),
                List.of(management.get(0) + offset, management.get(1) + offset, management.get(2), management.get(3)),
                kafka,
                kafkaController,
                redis);
    }

    public Ports withKafka(int port) {
        return new Ports(http, management, port, port + 1, redis);
    }

    public Ports withRedis(int port) {
        return new Ports(http, management, kafka, kafkaController, port);
    }

    public int http(Application application) {
        return http.get(application.index());
    }

    public int management(Application application) {
        return management.get(application.index());
    }

    /** Every port with the name of who wants it. */
    Map<Integer, String> owners() {
        Map<Integer, String> owners = new LinkedHashMap<>();
        owners.put(kafka, "kafka");
        owners.put(kafkaController, "kafka controller");
        owners.put(redis, "redis");
        for (Application application : Application.values()) {
            owners.put(http(application), application.serviceName());
            owners.put(management(application), application.serviceName() + " management");
        }
        return owners;
    }

    private static List<Integer> consecutive(int first) {
        return List.of(first, first + 1, first + 2, first + 3);
    }
}
