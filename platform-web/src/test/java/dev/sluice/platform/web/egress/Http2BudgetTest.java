package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How much may come over a connection. */
class Http2BudgetTest {

    private final Http2Budget budget = new Http2Budget();
    private final EmbeddedChannel channel = new EmbeddedChannel(budget);

    @Test
    void whatComesBeforeAnythingWasAskedForIsLittle() {
        read(Http2Budget.AT_FIRST);
        assertThat(channel.isOpen()).isTrue();
        ByteBuf last = read(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(last.refCnt()).as("what is not passed on is released").isZero();
    }

    @Test
    void eachRequestEarnsAnAnswer() {
        for (int i = 0; i < 1_000; i++) {
            budget.earn();
            read(Http2Budget.FOR_EACH_REQUEST);
        }
        assertThat(channel.isOpen()).isTrue();
        read(Http2Budget.AT_FIRST);
        assertThat(channel.isOpen()).isTrue();
        read(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatManyRequestsDidNotUseIsNotKeptForAFlood() {
        for (int i = 0; i < 1_000_000; i++) {
            budget.earn();
        }
        read(Http2Budget.MOST);
        assertThat(channel.isOpen()).isTrue();
        read(1);
        assertThat(channel.isOpen()).isFalse();
    }

    private ByteBuf read(int size) {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[size]);
        channel.writeInbound(bytes);
        channel.releaseInbound();
        return bytes;
    }
}
