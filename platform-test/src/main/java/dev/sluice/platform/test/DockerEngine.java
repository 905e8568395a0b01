package dev.sluice.platform.test;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A quick look at the Docker engine before Testcontainers is tried: without an engine Testcontainers takes seconds to
 * give up, and an image that cannot be pulled takes minutes. Speaks HTTP/1.0 over the engine's local socket.
 */
final class DockerEngine {

    private static final String ADDRESS_VARIABLE = "DOCKER_HOST";

    private DockerEngine() {}

    /** Why this image cannot be run here, or nothing when it can. */
    static Optional<String> obstacleToRunning(String image) {
        Optional<Path> socket = socket();
        if (socket.isEmpty()) {
            return Optional.of("no Docker socket");
        }
        try {
            if (status(socket.get(), "GET", "/_ping", 2) != 200) {
                return Optional.of("the Docker engine at " + socket.get() + " is not well");
            }
            if (status(socket.get(), "GET", "/images/" + image + "/json", 5) == 200) {
                return Optional.empty();
            }
            int colon = image.lastIndexOf(':');
            String pull =
                    "/images/create?fromImage=" + image.substring(0, colon) + "&tag=" + image.substring(colon + 1);
            status(socket.get(), "POST", pull, 120);
            // The pull answers 200 before it fails: only the image itself tells.
            return status(socket.get(), "GET", "/images/" + image + "/json", 5) == 200
                    ? Optional.empty()
                    : Optional.of("the Docker engine has no such image and cannot pull it");
        } catch (IOException e) {
            return Optional.of("no Docker engine answers at " + socket.get());
        }
    }

    private static Optional<Path> socket() {
        String address = System.getenv(ADDRESS_VARIABLE);
        if (address != null && address.startsWith("unix:")) {
            return Optional.of(Path.of(URI.create(address).getPath()));
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Stream<Path> usual = Stream.concat(
                Stream.of(
                        Path.of("/var/run/docker.sock"),
                        Path.of(System.getProperty("user.home"), ".docker/run/docker.sock")),
                runtime == null ? Stream.empty() : Stream.of(Path.of(runtime, "docker.sock")));
        return usual.filter(Files::exists).findFirst();
    }

    /** The HTTP status, after the whole body has been read; gives up after the given time. */
    private static int status(Path socket, String method, String target, int seconds) throws IOException {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> exchange(channel, method, target, answer));
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer to " + target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void exchange(
            SocketChannel channel, String method, String target, CompletableFuture<Integer> answer) {
        try {
            String request = "%s %s HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n".formatted(method, target);
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            String response = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
            List<String> statusLine =
                    List.of(response.lines().findFirst().orElse("").split(" ", -1));
            answer.complete(statusLine.size() < 2 ? 0 : Integer.parseInt(statusLine.get(1)));
        } catch (IOException | NumberFormatException e) {
            answer.completeExceptionally(e);
        }
    }
}
