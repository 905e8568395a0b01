package dev.sluice.webhook.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that says exactly what it is told to, byte by byte, once the head of a request has arrived. */
final class RawReceiver implements AutoCloseable {

    /** What it does with one connection; closing follows. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Connection connection) throws IOException, InterruptedException;
    }

    /** One connection whose request head was read. */
    record Connection(String head, OutputStream out, CountDownLatch closing) {

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Keeps the connection open until the receiver is closed. */
        void hang() throws InterruptedException {
            closing.await();
        }
    }

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);

    RawReceiver(Behaviour behaviour) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behaviour);
    }

    /** @param server such as one over TLS */
    RawReceiver(ServerSocket server, Behaviour behaviour) {
        this.behaviour = behaviour;
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    static RawReceiver saying(String text) throws IOException {
        return new RawReceiver(connection -> connection.write(text));
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    /** How often somebody connected. */
    int connections() {
        return connections.get();
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
            behaviour.answer(new Connection(readHead(socket.getInputStream()), socket.getOutputStream(), closing));
        } catch (IOException _) {
            // The client went away, as some tests want it.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        server.close();
    }
}
