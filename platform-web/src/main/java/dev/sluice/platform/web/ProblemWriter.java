package dev.sluice.platform.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem as {@code application/problem+json} (RFC 9457) to a response that is not committed yet. */
public final class ProblemWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Mono<Void> write(ServerWebExchange exchange, ProblemException problem) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(problem.type().status()));
        problem.headers().forEach(response.getHeaders()::set);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.getHeaders().setCacheControl("no-store");
        byte[] body = bytes(problem, RequestContext.of(exchange).requestId());
        response.getHeaders().setContentLength(body.length);
        if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
            return response.setComplete();
        }
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    static byte[] bytes(ProblemException problem, String requestId) {
        return JSON.writeValueAsBytes(document(problem, requestId));
    }

    static Map<String, Object> document(ProblemException problem, String requestId) {
        Map<String, Object> document = document(problem);
        document.put("requestId", requestId);
        return document;
    }

    /** The members of the problem, for one that stands in an answer about several things. */
    public static Map<String, Object> document(ProblemException problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", problem.type().uri());
        document.put("title", problem.type().title());
        document.put("status", problem.type().status());
        document.put("code", problem.type().code());
        document.put("detail", problem.detail());
        String field = problem.field();
        if (field != null) {
            document.put("field", field);
        }
        if (!problem.errors().isEmpty()) {
            document.put("errors", errors(problem.errors()));
        }
        document.putAll(problem.extensions());
        return document;
    }

    private static List<Map<String, String>> errors(List<FieldError> errors) {
        List<Map<String, String>> list = new ArrayList<>(errors.size());
        for (FieldError error : errors) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("field", error.field());
            one.put("code", error.code());
            one.put("detail", error.detail());
            list.add(one);
        }
        return list;
    }
}
