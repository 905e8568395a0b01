package dev.sluice.cache.engine;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.Set;

/** What the driver should not do behind the cache's back. */
public final class RedisClientOptions {

    private static final Set<ProtocolKeyword> CHANGES = Set.of(CommandType.EVAL, CommandType.EVALSHA);

    private RedisClientOptions() {}

    /**
     * Without a connection a command fails at once instead of waiting for one, and a change whose answer was lost is
     * not made a second time: its condition would meet its own work.
     */
    public static ClientOptions.Builder harden(ClientOptions.Builder options) {
        return options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> CHANGES.contains(command.getType()));
    }
}
