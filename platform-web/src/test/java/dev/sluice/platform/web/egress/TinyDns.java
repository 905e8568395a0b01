package dev.sluice.platform.web.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on the loopback that answers what it is told to, over UDP as any other does. */
final class TinyDns implements AutoCloseable {

    private static final long WEEK_SECONDS = Duration.ofDays(7).toSeconds();

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger queries = new AtomicInteger();
    private final InetSocketAddress address;

    private record Answer(DnsRecordType type, ByteBuf data) {}

    TinyDns() throws InterruptedException {
        address = (InetSocketAddress) new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(),
                                        new DatagramDnsResponseEncoder(),
                                        new Responder());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel()
                .localAddress();
    }

    TinyDns address(String name, String... literals) {
        for (String literal : literals) {
            byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
            add(name, bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA, Unpooled.wrappedBuffer(bytes));
        }
        return this;
    }

    /** An AAAA record of ::ffff:0:0/96, which no literal of the JDK can make. */
    TinyDns mapped(String name, String ipv4) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(InetAddress.ofLiteral(ipv4).getAddress(), 0, bytes, 12, 4);
        add(name, DnsRecordType.AAAA, Unpooled.wrappedBuffer(bytes));
        return this;
    }

    TinyDns alias(String name, String of) {
        ByteBuf data = Unpooled.buffer();
        for (String label : of.split("\\.", -1)) {
            data.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        data.writeByte(0);
        add(name, DnsRecordType.CNAME, data);
        return this;
    }

    private void add(String name, DnsRecordType type, ByteBuf data) {
        answers.computeIfAbsent(name + ".", unseen -> new ArrayList<>()).add(new Answer(type, data));
    }

    int queries() {
        return queries.get();
    }

    /** The clients' own way to look names up, which asks this server, and is told that its answers hold for a week. */
    AddressResolverGroup<?> resolver(Duration remembered) {
        return EgressClients.names(
                Duration.ofSeconds(5),
                remembered,
                spec -> spec.dnsAddressResolverGroupProvider(builder -> new DnsAddressResolverGroup(
                        builder.nameServerProvider(name -> DnsServerAddresses.singleton(address).stream()))));
    }

    /** A resolver that asks this server, and remembers nothing. */
    AddressResolverGroup<InetSocketAddress> resolver() {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .resolveCache(NoopDnsCache.INSTANCE)
                .nameServerProvider(name -> DnsServerAddresses.singleton(address).stream()));
    }

    private final class Responder extends SimpleChannelInboundHandler<DatagramDnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            queries.incrementAndGet();
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse response = new DatagramDnsResponse(
                    /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, question);
            List<Answer> known = answers.getOrDefault(question.name(), List.of());
            response.setCode(known.isEmpty() ? DnsResponseCode.NXDOMAIN : DnsResponseCode.NOERROR);
            known.stream()
                    .filter(answer -> answer.type().equals(question.type())
                            || answer.type().equals(DnsRecordType.CNAME))
                    .forEach(answer -> response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    answer.type(),
                                    WEEK_SECONDS,
                                    answer.data().copy())));
            ChannelFuture _ = context.writeAndFlush(response);
        }
    }

    @Override
    public void close() {
        Future<?> _ = loop.shutdownGracefully();
    }
}
