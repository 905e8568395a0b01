package dev.sluice.gateway.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** An upstream that is played by hand: each connection has a thread that does as the test says, byte for byte. */
public final class ScriptedUpstream implements AutoCloseable {

    /** What happens on a connection; it is closed at the end. */
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private volatile Script script = peer -> {};

    public ScriptedUpstream() {
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

    /** From now on; forgets the connections before. */
    public void plays(Script next) {
        peers.clear();
        script = next;
    }

    /** The connections since the script was set. */
    public List<Peer> peers() {
        return peers;
    }

    private void run() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Peer peer = new Peer(socket);
                peers.add(peer);
                Script mine = script;
                Thread.ofVirtual().start(() -> play(mine, peer, socket));
            } catch (IOException e) {
                // The listener is closed; the loop ends.
            }
        }
    }

    private void play(Script mine, Peer peer, Socket socket) {
        try (socket) {
            mine.play(peer);
        } catch (IOException e) {
            // The gateway went first.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            peer.ended = true;
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** One connection from the gateway. */
    public static final class Peer {

        private final Socket socket;
        private final StringBuilder received = new StringBuilder();
        private final AtomicLong written = new AtomicLong();
        private volatile boolean ended;

        Peer(Socket socket) {
            this.socket = socket;
        }

        /** All that was read so far. */
        public synchronized String received() {
            return received.toString();
        }

        private synchronized void note(int next) {
            received.append((char) next);
        }

        public long written() {
            return written.get();
        }

        public boolean hasEnded() {
            return ended;
        }

        /** Reads until what was read in this call contains a text. */
        public String readUntil(String text) throws IOException {
            StringBuilder read = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (read.indexOf(text) < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("ended");
                }
                read.append((char) next);
                note(next);
            }
            return read.toString();
        }

        public String readHead() throws IOException {
            return readUntil("\r\n\r\n");
        }

        /** Reads until the gateway closes. */
        public void readToEnd() throws IOException {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                note(next);
            }
        }

        public Peer write(String text) throws IOException {
            return write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public Peer write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            written.addAndGet(bytes.length);
            return this;
        }

        /** The next write or read of the gateway fails. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
