package dev.sluice.gateway.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers each request with the next of the bytes it was given, closes, and never reads a body. */
public final class RawUpstream implements AutoCloseable {

    private final ServerSocket listener;
    private final Deque<String> answers = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();

    public RawUpstream() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::run);
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on, one connection each; an empty answer closes without a byte. */
    public synchronized void answers(String... next) {
        answers.clear();
        answers.addAll(List.of(next));
        requests.set(0);
    }

    public int requests() {
        return requests.get();
    }

    private synchronized String next() {
        requests.incrementAndGet();
        String answer = answers.poll();
        return answer == null ? "" : answer;
    }

    private void run() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                readHead(socket.getInputStream());
                socket.getOutputStream().write(next().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The gateway went first, or the listener is closed; the next one tells.
            }
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
