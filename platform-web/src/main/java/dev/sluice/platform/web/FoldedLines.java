package dev.sluice.platform.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ByteProcessor;
import reactor.netty.NettyPipeline;

/**
 * Breaks requests with a header that goes on in the next line (obs-fold), which a server shall refuse (RFC 9112, section
 * 5.2). Netty's decoder joins the lines instead, and nobody behind it sees that there were two. Here, the white space that
 * begins the second line becomes a character that no header begins with, so that the decoder refuses the request as it
 * does any other broken one.
 *
 * <p>Bodies may have such lines. Which bytes are head and which are body only the decoder knows: a read with a suspicious
 * line is given to it message by message, and {@link RequestParts} behind it tells where it stands. All other reads pass
 * as they come.
 */
final class FoldedLines extends ChannelInboundHandlerAdapter {

    private static final byte NO_HEADER = 0;

    private final RequestParts parts;

    /** Whether what was read so far ends with a line break, and perhaps a CR behind it. */
    private boolean atLineStart;

    private byte last;

    FoldedLines(RequestParts parts) {
        this.parts = parts;
    }

    static void refuse(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            RequestParts parts = new RequestParts();
            pipeline.addBefore(NettyPipeline.HttpCodec, "sluice.foldedLines", new FoldedLines(parts));
            pipeline.addAfter(NettyPipeline.HttpCodec, "sluice.requestParts", parts);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            context.fireChannelRead(message);
            return;
        }
        boolean wasAtLineStart = atLineStart;
        boolean wasBehindBreak = last == '\n';
        note(bytes);
        if (parts.bodyHolds(bytes.readableBytes()) || !hasFold(bytes, wasBehindBreak)) {
            context.fireChannelRead(bytes);
        } else if (context.pipeline().get(NettyPipeline.HttpCodec) == null) {
            // A WebSocket by now.
            context.pipeline().remove(this);
            context.fireChannelRead(bytes);
        } else {
            readByParts(context, bytes, wasAtLineStart, wasBehindBreak);
        }
    }

    private void note(ByteBuf bytes) {
        int end = bytes.writerIndex();
        byte before = bytes.readableBytes() > 1 ? bytes.getByte(end - 2) : last;
        last = bytes.getByte(end - 1);
        atLineStart = last == '\n' || (last == '\r' && before == '\n');
    }

    private static boolean hasFold(ByteBuf bytes, boolean behindBreak) {
        int end = bytes.writerIndex();
        if (behindBreak && isBlank(bytes.getByte(bytes.readerIndex()))) {
            return true;
        }
        int lineBreak = bytes.indexOf(bytes.readerIndex(), end - 1, (byte) '\n');
        while (lineBreak >= 0) {
            if (isBlank(bytes.getByte(lineBreak + 1))) {
                return true;
            }
            lineBreak = bytes.indexOf(lineBreak + 1, end - 1, (byte) '\n');
        }
        return false;
    }

    private void readByParts(ChannelHandlerContext context, ByteBuf bytes, boolean startsLine, boolean behindBreak) {
        boolean lineStart = startsLine;
        boolean breakBefore = behindBreak;
        while (bytes.isReadable()) {
            int length = parts.bodyHolds(1) ? parts.bodyLeft(bytes.readableBytes()) : toEmptyLine(bytes, lineStart);
            if (!parts.isBody()) {
                breakFolds(bytes, length, breakBefore);
            }
            breakBefore = bytes.getByte(bytes.readerIndex() + length - 1) == '\n';
            lineStart = breakBefore;
            context.fireChannelRead(bytes.readRetainedSlice(length));
        }
        bytes.release();
    }

    /** How many bytes there are up to the end of a head, or of a body in chunks: that of the first empty line. */
    private static int toEmptyLine(ByteBuf bytes, boolean startsLine) {
        EmptyLine emptyLine = new EmptyLine(startsLine);
        int end = bytes.forEachByte(emptyLine);
        return end < 0 ? bytes.readableBytes() : end + 1 - bytes.readerIndex();
    }

    private static void breakFolds(ByteBuf bytes, int length, boolean behindBreak) {
        boolean breakBefore = behindBreak;
        for (int i = bytes.readerIndex(); i < bytes.readerIndex() + length; i++) {
            byte current = bytes.getByte(i);
            if (breakBefore && isBlank(current)) {
                bytes.setByte(i, NO_HEADER);
            }
            breakBefore = current == '\n';
        }
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    /** Goes on until the line break that ends an empty line. */
    private static final class EmptyLine implements ByteProcessor {

        private boolean isEmpty;

        EmptyLine(boolean isEmpty) {
            this.isEmpty = isEmpty;
        }

        @Override
        public boolean process(byte value) {
            boolean isEnd = isEmpty && value == '\n';
            isEmpty = value == '\n' || (isEmpty && value == '\r');
            return !isEnd;
        }
    }
}
