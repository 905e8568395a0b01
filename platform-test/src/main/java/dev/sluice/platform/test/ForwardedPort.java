package dev.sluice.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A port behind which nobody is until it is opened; from then on it leads to another one of this machine, until it is cut.
 * Thread-safe.
 */
public final class ForwardedPort implements AutoCloseable {

    private final int port;
    private final Set<Socket> sockets = new HashSet<>();
    private int target;
    private @Nullable ServerSocket listener;

    public ForwardedPort(int port) {
        this.port = port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public synchronized void open(int to) {
        target = to;
        mend();
    }

    /** Leads to where it led before it was cut. */
    public synchronized void mend() {
        try {
            ServerSocket opened = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            listener = opened;
            int to = target;
            Thread.ofVirtual().start(() -> accept(opened, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what goes through, and lets nothing more through. */
    public synchronized void cut() {
        try {
            if (listener != null) {
                listener.close();
                listener = null;
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.clear();
    }

    private void accept(ServerSocket from, int to) {
        while (!from.isClosed()) {
            try {
                join(from, from.accept(), to);
            } catch (IOException e) {
                // It was cut, or one of the two went; the next one tells.
            }
        }
    }

    private void join(ServerSocket from, Socket near, int to) throws IOException {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), to);
        } catch (IOException e) {
            near.close();
            throw e;
        }
        synchronized (this) {
            if (from.isClosed()) {
                near.close();
                far.close();
                return;
            }
            sockets.add(near);
            sockets.add(far);
        }
        Thread.ofVirtual().start(() -> pump(near, far));
        Thread.ofVirtual().start(() -> pump(far, near));
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side has gone, and the other is closed for it.
        }
        forget(from, to);
    }

    private synchronized void forget(Socket from, Socket to) {
        sockets.remove(from);
        sockets.remove(to);
    }

    @Override
    public void close() {
        cut();
    }
}
