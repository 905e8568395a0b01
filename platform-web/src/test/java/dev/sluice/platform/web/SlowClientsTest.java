package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowClientsTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    SlowClientsTest() {
        channel.freezeTime();
        channel.pipeline()
                .addLast(new SlowClients(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(20)));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void closesAConnectionOnWhichNoRequestComes() {
        pass(9_999);
        assertThat(channel.isActive()).isTrue();
        pass(1);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void waitsForAnAnswerAsLongAsItTakes() {
        head();
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        pass(100_000);
        answer(HttpResponseStatus.OK);
        pass(9_999);
        assertThat(channel.isActive()).isTrue();
        pass(1);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void tellsOfABodyThatPauses() {
        head();
        pass(4_999);
        channel.writeInbound(new DefaultHttpContent(Unpooled.copiedBuffer(new byte[1])));
        pass(4_999);
        assertThat(channel.isActive()).isTrue();
        pass(1);
        assertThat(channel.isActive()).isFalse();
        assertThatThrownBy(channel::checkException).isInstanceOf(ReadTimeoutException.class);
    }

    @Test
    void tellsOfABodyThatTakesTooLong() {
        head();
        for (int i = 0; i < 19; i++) {
            pass(1_000);
            channel.writeInbound(new DefaultHttpContent(Unpooled.copiedBuffer(new byte[1])));
        }
        pass(999);
        assertThat(channel.isActive()).isTrue();
        pass(1);
        assertThat(channel.isActive()).isFalse();
        assertThatThrownBy(channel::checkException).isInstanceOf(ReadTimeoutException.class);
    }

    @Test
    void doesNotHurryTheBodyOfARequestThatCameAheadOfItsTurn() {
        head();
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        head();
        pass(100_000);
        assertThat(channel.isActive()).isTrue();
        answer(HttpResponseStatus.OK);
        pass(5_000);
        assertThat(channel.isActive()).isFalse();
        assertThatThrownBy(channel::checkException).isInstanceOf(ReadTimeoutException.class);
    }

    @Test
    void takesAnInterimAnswerForNone() {
        head();
        answer(HttpResponseStatus.CONTINUE);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        pass(100_000);
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void leavesAnUpgradedConnectionAlone() {
        head();
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS));
        pass(100_000);
        assertThat(channel.isActive()).isTrue();
    }

    private void head() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/a"));
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
