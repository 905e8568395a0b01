package dev.sluice.platform.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends bytes to a port and returns what came back until the server closed or nothing came any more. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 15_000;

    private RawHttp() {}

    static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), request.startsWith("HEAD "));
        }
    }

    /** Reads one answer: until its head and, by Content-Length, its body are there, which none to a HEAD has, or the connection ends. */
    private static String read(InputStream in, boolean headAlone) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (!isComplete(text, headAlone)) {
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static boolean isComplete(StringBuilder text, boolean headAlone) {
        int head = text.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        if (headAlone) {
            return true;
        }
        String lower = text.substring(0, head).toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        if (at < 0) {
            return !lower.contains("connection: close");
        }
        int end = lower.indexOf("\r\n", at);
        int length = Integer.parseInt(
                lower.substring(at + 15, end < 0 ? lower.length() : end).trim());
        return text.length() >= head + 4 + length;
    }
}
