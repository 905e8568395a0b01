package dev.sluice.metrics.partition;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.IdentityToken;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** Asks other instances over HTTP, with a token that only the platform's own processes can sign. */
final class HttpPeers implements Peers {
    private final HttpClient client;
    private final IdentityToken token;

    HttpPeers(HttpClient client, IdentityToken token) {
        this.client = client;
        this.token = token;
    }

    @Override
    public Mono<byte[]> ask(HostInfo owner, PartitionQuestion<?> question, Set<Integer> partitions) {
        return signed(question)
                .get()
                .uri(addressOf(owner, question, partitions))
                .responseSingle(HttpPeers::shareOf)
                .onErrorMap(HttpPeers::isOfTheWay, HttpPeers::silent);
    }

    @Override
    public <T> Mono<Copy<T>> askCopy(HostInfo host, PartitionQuestion<T> question, int partition) {
        return signed(question)
                .headers(headers -> headers.set(Copies.ALLOWED_HEADER, "allowed"))
                .get()
                .uri(addressOf(host, question, Set.of(partition)))
                .responseSingle((response, body) -> shareOf(response, body)
                        .map(share -> new Copy<>(
                                question.decode(share),
                                Copies.parse(response.responseHeaders().get(Copies.STALE_HEADER, "")))))
                .onErrorMap(HttpPeers::isOfTheWay, HttpPeers::silent);
    }

    private HttpClient signed(PartitionQuestion<?> question) {
        return client.headers(headers -> headers.set(IdentityToken.HEADER, token.sign(PeerCall.by(question.tenant()))));
    }

    private static boolean isOfTheWay(Throwable failure) {
        return !(failure instanceof StoresNotReadyException || failure instanceof MalformedBytesException);
    }

    private static StoresNotReadyException silent(Throwable failure) {
        return new StoresNotReadyException("an instance does not answer", failure);
    }

    private static String addressOf(HostInfo host, PartitionQuestion<?> question, Set<Integer> partitions) {
        return "http://" + host.host() + ":" + host.port() + pathOf(question, partitions);
    }

    private static Mono<byte[]> shareOf(HttpClientResponse response, ByteBufMono body) {
        return response.status().equals(HttpResponseStatus.OK)
                ? body.asByteArray()
                : Mono.error(new StoresNotReadyException("another instance is not ready"));
    }

    private static String pathOf(PartitionQuestion<?> question, Set<Integer> partitions) {
        StringBuilder path = new StringBuilder(question.path())
                .append('?')
                .append(PeerCall.PARTITIONS)
                .append('=')
                .append(partitions.stream().map(String::valueOf).collect(Collectors.joining(",")));
        for (Map.Entry<String, String> parameter : question.parameters().entrySet()) {
            path.append('&')
                    .append(parameter.getKey())
                    .append('=')
                    .append(UriUtils.encode(parameter.getValue(), StandardCharsets.UTF_8));
        }
        return path.toString();
    }
}
