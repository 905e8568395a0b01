package dev.sluice.standalone.platform;

import dev.sluice.standalone.supervise.ReadinessProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** A service counts as ready when its port accepts connections: Kafka and Redis open theirs last. */
record TcpReadiness(int port) implements ReadinessProbe {

    private static final int TIMEOUT_MILLIS = 500;

    @Override
    public Optional<String> findObstacle() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("does not listen yet");
        }
    }
}
