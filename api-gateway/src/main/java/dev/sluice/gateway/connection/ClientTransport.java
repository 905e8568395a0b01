package dev.sluice.gateway.connection;

import dev.sluice.platform.web.ServiceNames;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import reactor.netty.http.HttpResources;
import reactor.netty.transport.NameResolverProvider;

/** What all connections to upstreams share: how names are looked up, whom TLS trusts, what is in a pipeline. Thread-safe. */
public final class ClientTransport implements AutoCloseable {

    private final AddressResolverGroup<?> names;
    private final SslContext tls;

    private ClientTransport(AddressResolverGroup<?> names, SslContext tls) {
        this.names = names;
        this.tls = tls;
    }

    /** Trusts whom the JVM trusts; names are looked up without holding up a loop. */
    public static ClientTransport create() {
        try {
            return trusting(SslContextBuilder.forClient().build());
        } catch (SSLException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    static ClientTransport trusting(SslContext tls) {
        NameResolverProvider.NameResolverSpec names = NameResolverProvider.builder();
        ServiceNames.lookUp(names);
        return new ClientTransport(names.build().newNameResolverGroup(HttpResources.get(), true), tls);
    }

    /** Makes connections on one event loop, with a handler of its own for each. */
    Bootstrap bootstrap(
            EventLoop loop,
            Class<? extends Channel> kind,
            ConnectionTerms terms,
            Function<AnswerDecoder, ChannelHandler> handler) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(new ReflectiveChannelFactory<>(kind))
                .resolver(names)
                .remoteAddress(terms.address())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(terms.connectTimeout().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (terms.secure()) {
                            channel.pipeline().addLast(secure(channel, terms));
                        }
                        HttpDecoderConfig decoding = new HttpDecoderConfig().setMaxHeaderSize(terms.maxHeaderBytes());
                        AnswerDecoder decoder = new AnswerDecoder(decoding);
                        channel.pipeline()
                                .addLast(new HttpRequestEncoder())
                                .addLast(decoder)
                                .addLast(handler.apply(decoder));
                    }
                });
    }

    /** Ends the look-ups of names; after the connections. */
    @Override
    public void close() {
        names.close();
    }

    private SslHandler secure(Channel channel, ConnectionTerms terms) {
        SslHandler handler = tls.newHandler(
                channel.alloc(),
                terms.address().getHostString(),
                terms.address().getPort());
        handler.setHandshakeTimeoutMillis(terms.connectTimeout().toMillis());
        return handler;
    }
}
