package dev.sluice.platform.web.egress;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Two servers on the same port of two loopback addresses: one that may be reached and one that may not. They count who comes. */
final class Ears implements AutoCloseable {

    static final String GOOD = "127.0.0.2";
    static final String BAD = "127.0.0.1";

    private final Ear good;
    private final Ear bad;

    private Ears(Ear good, Ear bad) {
        this.good = good;
        this.bad = bad;
    }

    /** @param answer what both say to every request before they close the connection */
    static Ears saying(String answer) throws IOException {
        while (true) {
            Ear good = new Ear(GOOD, 0, answer);
            try {
                return new Ears(good, new Ear(BAD, good.port(), answer));
            } catch (BindException _) {
                // Somebody else has that port of the other address.
                good.close();
            }
        }
    }

    int port() {
        return good.port();
    }

    int goodConnections() {
        return good.connections.get();
    }

    int badConnections() {
        return bad.connections.get();
    }

    @Override
    public void close() throws IOException {
        good.close();
        bad.close();
    }

    private static final class Ear {

        private final ServerSocket server = new ServerSocket();
        private final AtomicInteger connections = new AtomicInteger();
        private final String answer;

        Ear(String address, int port, String answer) throws IOException {
            this.answer = answer;
            try {
                server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            } catch (IOException e) {
                server.close();
                throw e;
            }
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void close() throws IOException {
            server.close();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                StringBuilder head = new StringBuilder();
                for (int next = 0; next >= 0 && head.indexOf("\r\n\r\n") < 0; ) {
                    next = socket.getInputStream().read();
                    head.append((char) next);
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException _) {
                // It was enough to have been connected to.
            }
        }
    }
}
