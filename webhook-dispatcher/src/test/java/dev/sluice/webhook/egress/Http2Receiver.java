package dev.sluice.webhook.egress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** A receiver that speaks HTTP/2 over TLS as it is told to, down to the bytes of its frames. */
final class Http2Receiver implements AutoCloseable {

    /** What it does once a request is there as a whole. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Request request);
    }

    /**
     * A request that is there.
     *
     * @param number of all to this receiver, from 1
     * @param connection it came over, from 1
     */
    record Request(int number, int connection, Http2Headers headers, String body, ChannelHandlerContext context) {

        void answer(int status) {
            head(status, /* last= */ true);
        }

        void head(int status, boolean last) {
            var _ = context.writeAndFlush(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(Integer.toString(status)), last));
        }

        void data(String text, boolean last) {
            var _ = context.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), last));
        }

        void reset(Http2Error error) {
            var _ = context.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }

        Channel connectionChannel() {
            return context.channel().parent();
        }

        int stream() {
            return ((Http2StreamChannel) context.channel()).stream().id();
        }

        /** These bytes, and again when they are gone, for as long as the connection is there. */
        void rawForEver(ByteBuf bytes) {
            connectionChannel()
                    .pipeline()
                    .context(Http2FrameCodec.class)
                    .writeAndFlush(bytes.retainedDuplicate())
                    .addListener(written -> {
                        if (written.isSuccess()) {
                            rawForEver(bytes);
                        }
                    });
        }

        /** A frame as it stands on the wire (RFC 9113, section 4.1). */
        void raw(int type, int flags, int stream, byte[] payload) {
            var _ = connectionChannel()
                    .pipeline()
                    .context(Http2FrameCodec.class)
                    .writeAndFlush(frame(type, flags, stream, payload));
        }
    }

    static ByteBuf frame(int type, int flags, int stream, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<Integer, AtomicInteger> open = new ConcurrentHashMap<>();
    private final AtomicInteger most = new AtomicInteger();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final Channel server;

    Http2Receiver(SelfSigned certificate, Behaviour behaviour) {
        this(certificate, Http2Settings.defaultSettings(), behaviour);
    }

    Http2Receiver(SelfSigned certificate, Http2Settings settings, Behaviour behaviour) {
        SslContext tls = tls(certificate);
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        int connection = connections.incrementAndGet();
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()), negotiated(connection, settings, behaviour));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    String url() {
        return "https://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/hook";
    }

    int connections() {
        return connections.get();
    }

    int requests() {
        return requests.get();
    }

    /** Most requests that were there at once over one connection. */
    int mostAtOnce() {
        return most.get();
    }

    List<String> paths() {
        return paths;
    }

    private static SslContext tls(SelfSigned certificate) {
        try {
            return SslContextBuilder.forServer(certificate.keys())
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private ApplicationProtocolNegotiationHandler negotiated(
            int connection, Http2Settings settings, Behaviour behaviour) {
        return new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    var _ = context.close();
                    return;
                }
                context.pipeline()
                        .addLast(
                                Http2FrameCodecBuilder.forServer()
                                        .initialSettings(settings)
                                        .build(),
                                new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Stream(connection, behaviour));
                                    }
                                }));
            }
        };
    }

    private final class Stream extends ChannelDuplexHandler {

        private final int connection;
        private final Behaviour behaviour;
        private final StringBuilder body = new StringBuilder();
        private Http2Headers headers = new DefaultHttp2Headers();

        Stream(int connection, Behaviour behaviour) {
            this.connection = connection;
            this.behaviour = behaviour;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case Http2HeadersFrame head -> {
                        headers = head.headers();
                        count(1);
                        finish(context, head.isEndStream());
                    }
                    case Http2DataFrame data -> {
                        body.append(data.content().toString(StandardCharsets.UTF_8));
                        finish(context, data.isEndStream());
                    }
                    default -> {
                        // What else may come over a stream is of no interest.
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            count(-1);
        }

        private void count(int change) {
            int now = open.computeIfAbsent(connection, unseen -> new AtomicInteger())
                    .addAndGet(change);
            most.accumulateAndGet(now, Math::max);
        }

        private void finish(ChannelHandlerContext context, boolean last) {
            if (last) {
                paths.add(String.valueOf(headers.path()));
                behaviour.answer(
                        new Request(requests.incrementAndGet(), connection, headers, body.toString(), context));
            }
        }
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        var _ = loops.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
    }
}
