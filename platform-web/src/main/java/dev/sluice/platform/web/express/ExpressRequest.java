package dev.sluice.platform.web.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** A request of Reactor Netty; what filters ask of it is worked out when they ask, most of it never. */
final class ExpressRequest extends AbstractServerHttpRequest {

    private static final URI NOT_YET = URI.create("/");

    private final HttpServerRequest raw;
    private final NettyDataBufferFactory buffers;
    private final RawPath path;
    private @Nullable URI uri;

    ExpressRequest(HttpServerRequest raw, NettyDataBufferFactory buffers) {
        super(
                HttpMethod.valueOf(raw.method().name()),
                NOT_YET,
                null,
                new HttpHeaders(new Netty4HeadersAdapter(raw.requestHeaders())));
        this.raw = raw;
        this.buffers = buffers;
        int query = raw.uri().indexOf('?');
        this.path = new RawPath(query < 0 ? raw.uri() : raw.uri().substring(0, query));
    }

    @Override
    public RequestPath getPath() {
        return path;
    }

    @Override
    public URI getURI() {
        URI known = uri;
        if (known == null) {
            known = URI.create(raw.scheme() + "://" + raw.requestHeaders().get(HttpHeaderNames.HOST) + raw.uri());
            uri = known;
        }
        return known;
    }

    @Override
    protected MultiValueMap<String, String> initQueryParams() {
        return raw.uri().indexOf('?') < 0 ? new LinkedMultiValueMap<>() : super.initQueryParams();
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        raw.allCookies().forEach((name, values) -> {
            for (Cookie cookie : values) {
                cookies.add(cookie.name(), new HttpCookie(cookie.name(), cookie.value()));
            }
        });
        return cookies;
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    protected String initId() {
        return ((Connection) raw).channel().id().asShortText();
    }

    @Override
    public @Nullable InetSocketAddress getLocalAddress() {
        return raw.hostAddress();
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return raw.remoteAddress();
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return raw.receive().retain().map(buffers::wrap);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // As its callers know.
    public <T> T getNativeRequest() {
        return (T) raw;
    }
}
