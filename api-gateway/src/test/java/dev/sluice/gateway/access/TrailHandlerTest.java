package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrailHandlerTest {

    private final List<RequestTrail> ended = new ArrayList<>();
    private final HeldWrites socket = new HeldWrites();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, new TrailHandler(new TrailHandler.TrailEnd() {
        @Override
        public void answering(RequestTrail trail, HttpHeaders headers) {
            headers.set("Told", Integer.toString(trail.status));
        }

        @Override
        public void ended(RequestTrail trail) {
            ended.add(trail);
        }
    }));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void endsARequestWhenTheLastByteOfItsAnswerIsWritten() {
        request(HttpMethod.POST, "12345", "678");
        channel.writeOutbound(head(HttpResponseStatus.CREATED));
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[10]));
        channel.writeOutbound(content("ab"));
        assertThat(ended).isEmpty();
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertTrail(only(), "POST", 201, 8, 12);
    }

    @Test
    void tellsOfTheAnswerBeforeItIsWritten() {
        request(HttpMethod.GET);
        channel.writeOutbound(full(HttpResponseStatus.CONTINUE, ""));
        channel.writeOutbound(full(HttpResponseStatus.ACCEPTED, ""));
        DefaultFullHttpResponse interim = channel.readOutbound();
        DefaultFullHttpResponse answer = channel.readOutbound();
        assertThat(interim.headers().contains("Told")).isFalse();
        assertThat(answer.headers().get("Told")).isEqualTo("202");
    }

    @Test
    void waitsForTheClientToTakeTheAnswer() {
        request(HttpMethod.GET);
        socket.hold();
        ChannelFuture _ = channel.writeOneOutbound(full(HttpResponseStatus.OK, "body"));
        assertThat(ended).isEmpty();
        socket.letGo();
        assertTrail(only(), "GET", 200, 0, 4);
    }

    @Test
    void notesThatTheClientLeftBeforeAnAnswer() {
        request(HttpMethod.GET);
        leave();
        assertTrail(only(), "GET", TrailHandler.CLIENT_LEFT, 0, 0);
    }

    @Test
    void notesThatTheClientLeftInTheMiddleOfTheAnswer() {
        request(HttpMethod.GET);
        channel.writeOutbound(head(HttpResponseStatus.OK), content("abc"));
        leave();
        assertTrail(only(), "GET", TrailHandler.CLIENT_LEFT, 0, 3);
    }

    @Test
    void notesThatTheClientDidNotTakeTheEndOfTheAnswer() {
        request(HttpMethod.GET);
        socket.hold();
        ChannelFuture _ = channel.writeOneOutbound(full(HttpResponseStatus.OK, "body"));
        socket.fail();
        leave();
        assertTrail(only(), "GET", TrailHandler.CLIENT_LEFT, 0, 4);
    }

    @Test
    void keepsTheStatusOfAnAnswerThatTheGatewayBrokeOff() {
        request(HttpMethod.GET);
        channel.writeOutbound(head(HttpResponseStatus.OK), content("abc"));
        ChannelFuture _ = channel.close();
        assertTrail(only(), "GET", 200, 0, 3);
    }

    @Test
    void notesThatTheGatewayGaveARequestUp() {
        request(HttpMethod.GET);
        ChannelFuture _ = channel.close();
        assertTrail(only(), "GET", TrailHandler.GIVEN_UP, 0, 0);
    }

    @Test
    void tellsPipelinedRequestsApart() {
        request(HttpMethod.GET);
        request(HttpMethod.PUT, "abc");
        request(HttpMethod.DELETE);
        channel.writeOutbound(full(HttpResponseStatus.OK, "one"));
        channel.writeOutbound(full(HttpResponseStatus.NO_CONTENT, ""));
        leave();
        assertThat(ended).hasSize(3);
        assertTrail(ended.get(0), "GET", 200, 0, 3);
        assertTrail(ended.get(1), "PUT", 204, 3, 0);
        assertTrail(ended.get(2), "DELETE", TrailHandler.CLIENT_LEFT, 0, 0);
    }

    @Test
    void leavesInterimAnswersOut() {
        request(HttpMethod.PUT);
        channel.writeOutbound(full(HttpResponseStatus.CONTINUE, ""));
        channel.writeOutbound(full(HttpResponseStatus.EARLY_HINTS, ""));
        assertThat(ended).isEmpty();
        channel.writeInbound(content("abcd"), LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeOutbound(full(HttpResponseStatus.OK, "x"));
        assertTrail(only(), "PUT", 200, 4, 1);
    }

    @Test
    void endsARequestThatBecameAWebSocketAndCountsNoFrames() {
        request(HttpMethod.GET);
        channel.writeOutbound(full(HttpResponseStatus.SWITCHING_PROTOCOLS, ""));
        channel.writeInbound(new TextWebSocketFrame("hello"));
        channel.writeOutbound(new TextWebSocketFrame("hello"));
        leave();
        assertTrail(only(), "GET", 101, 0, 0);
    }

    @Test
    void answersBeforeTheBodyIsThereCountWhatCame() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/"), content("abc"));
        channel.writeOutbound(full(HttpResponseStatus.UNAUTHORIZED, "no"));
        channel.writeInbound(content("more"), LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(ended).hasSize(1);
        request(HttpMethod.GET);
        channel.writeOutbound(full(HttpResponseStatus.OK, ""));
        assertTrail(ended.get(1), "GET", 200, 0, 0);
    }

    @Test
    void givesNoNameToMethodsThatClientsMakeUp() {
        request(HttpMethod.valueOf("BREW"));
        channel.writeOutbound(full(HttpResponseStatus.METHOD_NOT_ALLOWED, ""));
        assertTrail(only(), "_OTHER", 405, 0, 0);
    }

    @Test
    void endsWhatCouldNotBeRead() {
        DefaultHttpRequest broken = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/bad-request");
        broken.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("broken")));
        channel.writeInbound(broken);
        channel.writeOutbound(full(HttpResponseStatus.BAD_REQUEST, ""));
        assertTrail(only(), "_OTHER", 400, 0, 0);
    }

    private RequestTrail only() {
        assertThat(ended).hasSize(1);
        return ended.getFirst();
    }

    private static void assertTrail(RequestTrail trail, String method, int status, long in, long out) {
        assertThat(trail.method()).isEqualTo(method);
        assertThat(trail.status).isEqualTo(status);
        assertThat(trail.requestBytes).isEqualTo(in);
        assertThat(trail.responseBytes).isEqualTo(out);
    }

    private void request(HttpMethod method, String... pieces) {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/"));
        for (String piece : pieces) {
            channel.writeInbound(content(piece));
        }
        channel.writeInbound(new DefaultLastHttpContent());
    }

    /** As when the peer's end arrives: nobody on this side has closed. */
    private void leave() {
        channel.pipeline().fireChannelInactive();
    }

    private static DefaultHttpResponse head(HttpResponseStatus status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    }

    private static DefaultFullHttpResponse full(HttpResponseStatus status, String body) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    }

    private static DefaultHttpContent content(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    /** A socket that takes what is written when the test says so. */
    private static final class HeldWrites extends ChannelOutboundHandlerAdapter {

        private boolean holding;
        private final List<Runnable> taken = new ArrayList<>();
        private final List<ChannelPromise> promises = new ArrayList<>();

        void hold() {
            holding = true;
        }

        void letGo() {
            holding = false;
            taken.forEach(Runnable::run);
        }

        void fail() {
            for (ChannelPromise promise : promises) {
                ChannelPromise _ = promise.setFailure(new ClosedChannelException());
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (!holding) {
                ChannelFuture _ = context.write(message, promise);
                return;
            }
            promises.add(promise);
            taken.add(() -> {
                ChannelFuture _ = context.writeAndFlush(message, promise);
            });
        }
    }
}
