package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.netty.NettyPipeline;

/** Random requests one behind the other, cut into reads at random: only those with a folded head are broken. */
class FoldedLinesPropertyTest {

    private static final List<String> PIECES =
            List.of("{", "\r\n ", "\n\t", "\r\n\r\n", "\n\n ", " ", "a", "GET / HTTP/1.1\r\n x: y", "\r", "\n");
    private static final List<String> FOLDS = List.of("\r\n b", "\r\n\tb", "\n b", "\r\n b: c\r\n d", "\r\n ");

    private final Random random = new Random(20_261_122);

    @Test
    void breaksFoldedHeadsAndNothingElse() {
        int folded = 0;
        for (int round = 0; round < 5_000; round++) {
            List<String> expected = new ArrayList<>();
            StringBuilder sent = new StringBuilder();
            boolean isFolded = false;
            for (int i = random.nextInt(5); i >= 0 && !isFolded; i--) {
                isFolded = random.nextInt(4) == 0;
                String body = body();
                sent.append(request(body, isFolded));
                expected.add(isFolded ? "broken" : body);
            }
            folded += isFolded ? 1 : 0;
            String text = isFolded ? sent + request(body(), false) : sent.toString();
            assertThat(received(text)).as(text).isEqualTo(expected);
        }
        assertThat(folded).isBetween(1_000, 4_000);
    }

    private String body() {
        StringBuilder body = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            body.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return body.toString();
    }

    private String request(String body, boolean isFolded) {
        String fold = isFolded ? FOLDS.get(random.nextInt(FOLDS.size())) : "";
        String head = "POST / HTTP/1.1\r\nHost: a\r\nX-A: a" + fold + "\r\n";
        if (body.isEmpty() && random.nextBoolean()) {
            return head + "\r\n";
        }
        if (random.nextBoolean()) {
            return head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        }
        StringBuilder chunks = new StringBuilder(head + "Transfer-Encoding: chunked\r\n\r\n");
        int from = 0;
        while (from < body.length()) {
            int length = 1 + random.nextInt(body.length() - from);
            chunks.append(Integer.toHexString(length)).append("\r\n");
            chunks.append(body, from, from + length).append("\r\n");
            from += length;
        }
        return chunks + "0\r\n\r\n";
    }

    /** The bodies of the requests that arrive, up to the first that is broken. */
    private List<String> received(String text) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(NettyPipeline.HttpCodec, new HttpServerCodec());
        FoldedLines.refuse(channel);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int most = random.nextBoolean() ? 4 : 200;
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(most), bytes.length - from);
            channel.writeInbound(Unpooled.copiedBuffer(bytes, from, length));
            from += length;
        }
        return bodies(channel);
    }

    private static List<String> bodies(EmbeddedChannel channel) {
        List<String> bodies = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part instanceof HttpRequest request && request.decoderResult().isFailure()) {
                bodies.add("broken");
                continue;
            }
            if (part instanceof HttpContent content) {
                ByteBuf data = content.content();
                body.append(data.toString(StandardCharsets.ISO_8859_1));
                content.release();
            }
            if (part instanceof LastHttpContent
                    && (bodies.isEmpty() || !bodies.getLast().equals("broken"))) {
                bodies.add(body.toString());
                body.setLength(0);
            }
        }
        channel.finishAndReleaseAll();
        return bodies;
    }
}
