package dev.sluice.platform.test;

import java.io.IOException;
import java.util.List;

/** A Redis and the replica that is to take over from it. */
record Replication(IsolatedRedis master, IsolatedRedis replica) {

    private static final String SECTION = "replication";

    /** Whether the replica has all that the master has. */
    boolean isInStep() throws IOException {
        String ofMaster = info(master);
        return ofMaster.contains("state=online")
                && ofMaster.contains("lag=0")
                && offset(ofMaster, "master_repl_offset:") == offset(info(replica), "slave_repl_offset:");
    }

    boolean hasTakenOver() throws IOException {
        return info(replica).contains("role:master");
    }

    private static String info(IsolatedRedis redis) throws IOException {
        return RedisCommand.send(redis.host(), redis.port(), List.of("INFO", SECTION))
                .toString();
    }

    private static long offset(String info, String field) {
        String rest = info.substring(info.indexOf(field) + field.length());
        return Long.parseLong(rest.lines().findFirst().orElseThrow().strip());
    }
}
