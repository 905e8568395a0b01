package dev.sluice.benchmarks.cache;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection to Redis that blocks its thread. Not thread-safe. */
final class RedisWire implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RedisWire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /** A string; empty when there is none. */
    byte[] get(String name) throws IOException {
        write("GET".getBytes(StandardCharsets.US_ASCII), name.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return read();
    }

    void configure(String name, String value) throws IOException {
        write(bytes("CONFIG"), bytes("SET"), bytes(name), bytes(value));
        out.flush();
        read();
    }

    /** Stores the value for an hour under each of the names, which end with a number from 0 on. */
    void setAll(String prefix, String suffix, int count, byte[] value) throws IOException {
        int together = 1000;
        for (int done = 0; done < count; done += together) {
            int until = Math.min(count, done + together);
            for (int i = done; i < until; i++) {
                write(bytes("SET"), bytes(prefix + i + suffix), value, bytes("EX"), bytes("3600"));
            }
            out.flush();
            for (int i = done; i < until; i++) {
                read();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void write(byte[]... arguments) throws IOException {
        out.write(bytes("*" + arguments.length + "\r\n"));
        for (byte[] argument : arguments) {
            out.write(bytes("$" + argument.length + "\r\n"));
            out.write(argument);
            out.write('\r');
            out.write('\n');
        }
    }

    private byte[] read() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new IOException("Redis ended the connection");
            }
            line.append((char) next);
        }
        in.skipNBytes(1);
        if (line.charAt(0) == '-') {
            throw new IOException(line.toString());
        }
        if (line.charAt(0) != '$') {
            return bytes(line.toString());
        }
        int length = Integer.parseInt(line.substring(1));
        byte[] value = in.readNBytes(Math.max(0, length));
        in.skipNBytes(length < 0 ? 0 : 2);
        return value;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
