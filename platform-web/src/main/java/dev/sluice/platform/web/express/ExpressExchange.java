package dev.sluice.platform.web.express;

import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.SimpleLocaleContext;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/** A request and its answer; of forms, sessions, locales and caching nothing is known here. */
final class ExpressExchange implements ServerWebExchange {

    private final ServerHttpRequest request;
    private final ServerHttpResponse response;
    private final ApplicationContext context;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    ExpressExchange(ServerHttpRequest request, ServerHttpResponse response, ApplicationContext context) {
        this.request = request;
        this.response = response;
        this.context = context;
    }

    @Override
    public ServerHttpRequest getRequest() {
        return request;
    }

    @Override
    public ServerHttpResponse getResponse() {
        return response;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public ApplicationContext getApplicationContext() {
        return context;
    }

    @Override
    public Mono<WebSession> getSession() {
        return Mono.empty();
    }

    @Override
    public <T extends Principal> Mono<T> getPrincipal() {
        return Mono.empty();
    }

    @Override
    public Mono<MultiValueMap<String, String>> getFormData() {
        return Mono.just(new LinkedMultiValueMap<>());
    }

    @Override
    public Mono<MultiValueMap<String, Part>> getMultipartData() {
        return Mono.just(new LinkedMultiValueMap<>());
    }

    @Override
    public LocaleContext getLocaleContext() {
        return new SimpleLocaleContext(null);
    }

    @Override
    public boolean isNotModified() {
        return false;
    }

    @Override
    public boolean checkNotModified(Instant lastModified) {
        return false;
    }

    @Override
    public boolean checkNotModified(String etag) {
        return false;
    }

    @Override
    public boolean checkNotModified(@Nullable String etag, Instant lastModified) {
        return false;
    }

    @Override
    public String transformUrl(String url) {
        return url;
    }

    @Override
    public void addUrlTransformer(Function<String, String> transformer) {}

    @Override
    public String getLogPrefix() {
        return "[" + request.getId() + "] ";
    }
}
