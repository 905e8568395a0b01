package dev.sluice.metrics.partition;

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
        return client.headers(headers -> headers.set(IdentityToken.HEADER, token.sign(PeerCall.by(question.tenant()))))
                .get()
                .uri("http://" + owner.host() + ":" + owner.port() + pathOf(question, partitions))
                .responseSingle(HttpPeers::shareOf)
                .onErrorMap(
                        failure -> !(failure instanceof StoresNotReadyException),
                        failure -> new StoresNotReadyException("an instance does not answer", failure));
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
