package dev.sluice.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerDecoderTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    private final AnswerDecoder decoder = new AnswerDecoder(new HttpDecoderConfig());
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    /** Whoever asks over it first would get it for an answer. */
    @Test
    void whatComesUnaskedEndsANewConnection() {
        ByteBuf bytes = bytes(HEAD + "ok");

        assertThat(channel.writeInbound(bytes)).isFalse();

        assertThat(channel.isOpen()).isFalse();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsLengthSays() {
        decoder.expect(HttpMethod.HEAD);

        channel.writeInbound(bytes(HEAD));

        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpResponse.class);
        assertThat(channel.<Object>readInbound()).isInstanceOf(LastHttpContent.class);
        assertThat(decoder.rest()).isTrue();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
