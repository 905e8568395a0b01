package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a connection is asked, and when it is given up, on a clock that stands still. */
class Http2PulseTest {

    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Http2Pulse pulse = new Http2Pulse(SILENCE);
    private final EmbeddedChannel channel = open();

    private EmbeddedChannel open() {
        EmbeddedChannel opened = new EmbeddedChannel();
        opened.freezeTime();
        opened.pipeline()
                .addLast(pulse, Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(new Nothing()));
        // What a server says first.
        opened.writeInbound(frame(4, 0, new byte[0]));
        opened.releaseOutbound();
        return opened;
    }

    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}

    @Test
    void whoIsNotWaitedForIsNotAsked() {
        for (int i = 0; i < 10; i++) {
            advance(SILENCE);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(pings()).isZero();
    }

    @Test
    void whoSaysNothingIsAskedOnceAndThenGivenUp() {
        pulse.begin();
        advance(SILENCE.minusNanos(1));
        assertThat(pings()).isZero();
        advance(Duration.ofNanos(1));
        assertThat(pings()).isEqualTo(1);
        advance(SILENCE.minusNanos(1));
        assertThat(channel.isOpen()).isTrue();
        advance(Duration.ofNanos(1));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoAnswersIsLeftAlone() {
        pulse.begin();
        advance(SILENCE);
        assertThat(pings()).isEqualTo(1);
        channel.writeInbound(frame(PING, 1, ByteBuffer.allocate(8).array()));
        for (int i = 0; i < 5; i++) {
            advance(SILENCE);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(pings()).isZero();
    }

    @Test
    void whatTheServerWentAwayFromIsClosed() {
        channel.writeInbound(frame(GOAWAY, 0, new byte[8]));
        assertThat(channel.isOpen()).isTrue();
        advance(SILENCE);
        assertThat(channel.isOpen()).isFalse();
    }

    private void advance(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Those that were written since this was asked last. */
    private int pings() {
        int pings = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.readableBytes() >= 9) {
                int length = out.readMedium();
                pings += out.readByte() == PING ? 1 : 0;
                out.skipBytes(5 + length);
            }
            out.release();
        }
        return pings;
    }

    private static ByteBuf frame(int type, int flags, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(0)
                .writeBytes(payload);
    }
}
