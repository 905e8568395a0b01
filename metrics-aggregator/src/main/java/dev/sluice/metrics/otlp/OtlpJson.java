package dev.sluice.metrics.otlp;

import dev.sluice.record.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Spans as OTLP/HTTP has them in JSON (opentelemetry-proto 1.x, ExportTraceServiceRequest): ids in hex, 64-bit numbers as text. Pure.
 */
final class OtlpJson {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int OK = 0;
    private static final int ERROR = 2;
    private static final String HTTP_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS";

    private OtlpJson() {}

    static byte[] of(List<Span> spans) {
        Map<String, List<Span>> byService = spans.stream()
                .collect(Collectors.groupingBy(Span::getService, LinkedHashMap::new, Collectors.toList()));
        List<Map<String, Object>> resources = new ArrayList<>();
        byService.forEach((service, own) -> resources.add(Map.of(
                "resource",
                Map.of("attributes", List.of(attribute("service.name", service))),
                "scopeSpans",
                List.of(Map.of(
                        "scope",
                        Map.of("name", "sluice"),
                        "spans",
                        own.stream().map(OtlpJson::span).toList())))));
        return JsonMapper.shared().writeValueAsBytes(Map.of("resourceSpans", resources));
    }

    private static Map<String, Object> span(Span span) {
        long start = nanos(span.getStartedAt());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("traceId", span.getTraceId());
        shown.put("spanId", span.getSpanId());
        if (span.getParentSpanId() != null) {
            shown.put("parentSpanId", span.getParentSpanId());
        }
        shown.put("name", span.getName());
        shown.put("kind", span.getName().matches("(" + HTTP_METHODS + ") .*") ? SERVER : INTERNAL);
        shown.put("startTimeUnixNano", Long.toString(start));
        shown.put("endTimeUnixNano", Long.toString(start + span.getDurationNanos()));
        List<Map<String, Object>> attributes = new ArrayList<>();
        if (span.getTenant() != null) {
            attributes.add(attribute("sluice.tenant", span.getTenant()));
        }
        span.getAttributes().forEach((name, value) -> attributes.add(attribute(name, value)));
        shown.put("attributes", attributes);
        shown.put("status", Map.of("code", span.getFailed() ? ERROR : OK));
        return shown;
    }

    private static Map<String, Object> attribute(String name, String value) {
        return Map.of("key", name, "value", Map.of("stringValue", value));
    }

    private static long nanos(Instant at) {
        return at.getEpochSecond() * NANOS_PER_SECOND + at.getNano();
    }
}
