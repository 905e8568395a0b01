package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The last point before the socket: refuses to connect to an address that the policy denies, whatever a resolver, a
 * literal or a changed DNS answer said before.
 */
final class ConnectGuard extends ChannelOutboundHandlerAdapter {

    private final EgressPolicy policy;
    private final boolean plaintext;

    /** @param plaintext whether the request is not encrypted; that is for development addresses only */
    ConnectGuard(EgressPolicy policy, boolean plaintext) {
        this.policy = policy;
        this.plaintext = plaintext;
    }

    @Override
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise promise)
            throws Exception {
        if (permits(remote)) {
            super.connect(context, remote, local, promise);
            return;
        }
        promise.setFailure(new BlockedAddressException());
    }

    private boolean permits(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket) || socket.isUnresolved()) {
            return false;
        }
        return switch (policy.judge(socket.getAddress())) {
            case PERMITTED -> !plaintext;
            case ALLOWED_FOR_DEVELOPMENT -> true;
            case DENIED -> false;
        };
    }
}
