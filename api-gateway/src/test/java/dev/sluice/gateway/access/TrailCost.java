package dev.sluice.gateway.access;

import dev.sluice.gateway.access.AccessProperties.Audience;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.LimitVerdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.HandlerMapping;

/**
 * Prints what the record of a request costs its event loop, in CPU time, beside a pipeline that keeps none. The build does not
 * run it; benchmarks/README.md says how to.
 */
class TrailCost {

    private static final int REQUESTS = 100_000;
    private static final int ROUNDS = 6;

    @Test
    void printsWhatARecordCosts() {
        PrintStream out = System.out;
        PlatformKafkaProperties kafka = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("sluice.kafka", PlatformKafkaProperties.class);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (RecordPublishers publishers = new RecordPublishers(TrailCost::producer, kafka, meters)) {
            AccessPublisher publisher = new AccessPublisher(publishers, "benchmark");
            RouteNames routes = new RouteNames(List::of);
            SlowMarks slow = new SlowMarks(List.of(Duration.ofSeconds(5)), 1, System::nanoTime, meters);
            for (int round = 0; round < ROUNDS; round++) {
                long bare = run(null);
                long records = run(new AccessRecorder(
                        routes, InstantSource.system(), new ServerTiming(Audience.NOBODY), slow, publisher::publish));
                long timing = run(new AccessRecorder(
                        routes,
                        InstantSource.system(),
                        new ServerTiming(Audience.AUTHENTICATED),
                        slow,
                        publisher::publish));
                out.printf(
                        "record: %d ns a request; with Server-Timing: %d ns%n",
                        (records - bare) / REQUESTS, (timing - bare) / REQUESTS);
            }
        }
    }

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static long run(TrailHandler.@Nullable TrailEnd end) {
        EmbeddedChannel channel = new EmbeddedChannel();
        TrailHandler handler = end == null ? null : new TrailHandler(end);
        if (handler != null) {
            channel.pipeline().addLast(handler);
            channel.attr(TrailHandler.SELF).set(handler);
        }
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/a"));
        new Identity("acme", "key-1", "free", Set.of()).establish(exchange);
        exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/v1/keys/{id}");
        long before = cpu();
        for (int i = 0; i < REQUESTS; i++) {
            request(channel, exchange);
        }
        long taken = cpu() - before;
        channel.finishAndReleaseAll();
        return taken;
    }

    private static void request(EmbeddedChannel channel, MockServerWebExchange exchange) {
        channel.writeInbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/a"), LastHttpContent.EMPTY_LAST_CONTENT);
        RequestTrail trail = TrailHandler.current(channel);
        if (trail != null) {
            trail.follow(exchange);
            trail.admitted();
            trail.limited(LimitVerdict.ALLOWED);
        }
        channel.writeOutbound(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER));
        channel.inboundMessages().clear();
        channel.outboundMessages().clear();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
