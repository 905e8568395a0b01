package dev.sluice.platform.test;

import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.local.RedisSettings.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Three Redis masters that share the hash slots of a cluster; local processes everywhere, since a cluster in containers names
 * addresses that only they reach. Each can be paused, killed and started again, and keeps its part of the slots, unless it
 * is the first and has a replica, which then takes over.
 */
public final class IsolatedRedisCluster implements ReplicatedRedis {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int HIGHEST_PORT = 65_535;

    /** Nodes speak to each other on the port that is higher by this. */
    private static final int BUS_OFFSET = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final List<String> SETTINGS = List.of(
            "--cluster-enabled", "yes",
            "--cluster-config-file", "nodes.conf",
            "--repl-diskless-sync-delay", "0",
            // For so long a master may be gone before the others take it for dead.
            "--cluster-node-timeout", "2000");

    private final List<IsolatedRedis> masters;
    private final @Nullable IsolatedRedis replica;

    private IsolatedRedisCluster(@Nullable IsolatedRedis replica) {
        this.replica = replica;
        masters = Stream.generate(IsolatedRedisCluster::newNode).limit(MASTERS).toList();
        for (int i = 0; i < MASTERS; i++) {
            IsolatedRedis master = masters.get(i);
            ask(master, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            ask(master, addSlots(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS));
            meet(master);
        }
        if (replica != null) {
            meet(replica);
            String master = idOf(masters.getFirst());
            await(
                    "the replica has joined",
                    () -> send(replica, "CLUSTER", "REPLICATE", master).equals("OK"));
        }
        awaitAgreement();
    }

    static IsolatedRedisCluster ofMasters() {
        return new IsolatedRedisCluster(null);
    }

    static IsolatedRedisCluster withReplica() {
        return new IsolatedRedisCluster(newNode());
    }

    private void meet(IsolatedRedis node) {
        ask(masters.getFirst(), "CLUSTER", "MEET", node.host(), Integer.toString(node.port()));
    }

    private static IsolatedRedis newNode() {
        int port = FreePorts.one();
        while (port + BUS_OFFSET > HIGHEST_PORT || !FreePorts.isFree(port + BUS_OFFSET)) {
            port = FreePorts.one();
        }
        return new IsolatedRedis(Durability.MEMORY, port, SETTINGS);
    }

    private static String[] addSlots(int from, int to) {
        return Stream.concat(
                        Stream.of("CLUSTER", "ADDSLOTS"),
                        IntStream.range(from, to).mapToObj(Integer::toString))
                .toArray(String[]::new);
    }

    public List<IsolatedRedis> masters() {
        return masters;
    }

    /** The one that has a replica, where one has. */
    @Override
    public IsolatedRedis master() {
        return masters.getFirst();
    }

    @Override
    public IsolatedRedis replica() {
        if (replica == null) {
            throw new IllegalStateException("this cluster was made without a replica");
        }
        return replica;
    }

    @Override
    public void awaitReplica() {
        await("the replica has what the master has", new Replication(masters.getFirst(), replica())::isInStep);
    }

    @Override
    public void partReplica() {
        ask(masters.getFirst(), "ACL", "SETUSER", "default", "-psync", "-sync");
        ask(masters.getFirst(), "CLIENT", "KILL", "TYPE", "replica");
    }

    @Override
    public void awaitTakeover() {
        await(
                "the replica has taken over",
                () -> new Replication(masters.getFirst(), replica()).hasTakenOver()
                        && Stream.concat(masters.stream().skip(1), Stream.of(replica()))
                                .allMatch(this::isReady));
    }

    /** Host and port of each, as {@code spring.data.redis.cluster.nodes} wants them. */
    public String nodes() {
        return String.join(
                ",",
                masters.stream()
                        .map(master -> master.host() + ":" + master.port())
                        .toList());
    }

    /** Who holds the slot of a key. */
    public IsolatedRedis masterOf(String key) {
        String slot = slotOf(key);
        return masters.stream()
                .filter(master -> owns(master, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody holds the slot of " + key));
    }

    /** Moves the slot of a key and all that is in it to another master, as {@code redis-cli --cluster reshard} does. */
    public void moveElsewhere(String key) {
        String slot = slotOf(key);
        IsolatedRedis from = masterOf(key);
        IsolatedRedis to = from == masters.getFirst() ? masters.getLast() : masters.getFirst();
        ask(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", idOf(from));
        ask(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", idOf(to));
        for (Object one : (List<?>) ask(from, "CLUSTER", "GETKEYSINSLOT", slot, "1000")) {
            ask(from, "MIGRATE", to.host(), Integer.toString(to.port()), String.valueOf(one), "0", "5000");
        }
        ask(to, "CLUSTER", "SETSLOT", slot, "NODE", idOf(to));
        ask(from, "CLUSTER", "SETSLOT", slot, "NODE", idOf(to));
        awaitAgreement();
    }

    /** Returns once every master answers for the whole cluster. */
    public void awaitAgreement() {
        await("the Redis cluster agrees", () -> masters.stream().allMatch(this::isReady));
    }

    private interface Question {
        boolean answer() throws IOException;
    }

    private static void await(String what, Question question) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(question::answer);
    }

    private boolean isReady(IsolatedRedis master) {
        try {
            String info = String.valueOf(send(master, "CLUSTER", "INFO"));
            return info.contains("cluster_state:ok")
                    && info.contains("cluster_known_nodes:" + (replica == null ? MASTERS : MASTERS + 1));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean owns(IsolatedRedis master, String slot) {
        int sought = Integer.parseInt(slot);
        for (Object range : (List<?>) ask(master, "CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            int first = Integer.parseInt(String.valueOf(parts.get(0)));
            int last = Integer.parseInt(String.valueOf(parts.get(1)));
            String port = String.valueOf(((List<?>) parts.get(2)).get(1));
            if (first <= sought && sought <= last && port.equals(Integer.toString(master.port()))) {
                return true;
            }
        }
        return false;
    }

    private String slotOf(String key) {
        return String.valueOf(ask(masters.getFirst(), "CLUSTER", "KEYSLOT", key));
    }

    private static String idOf(IsolatedRedis master) {
        return String.valueOf(ask(master, "CLUSTER", "MYID"));
    }

    private static Object ask(IsolatedRedis master, String... words) {
        try {
            return send(master, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object send(IsolatedRedis master, String... words) throws IOException {
        return RedisCommand.send(master.host(), master.port(), List.of(words));
    }

    @Override
    public void close() {
        masters.forEach(IsolatedRedis::close);
        if (replica != null) {
            replica.close();
        }
    }
}
