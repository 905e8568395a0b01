package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

class TargetPoolsTest {

    private static final int LOOPS = 4;

    private final List<Integer> sizes = new ArrayList<>();
    private final List<EventLoop> loops = List.of(loop(), loop(), loop(), loop());

    @AfterEach
    void stop() {
        loops.forEach(loop -> {
            Future<?> ignored = loop.shutdownGracefully();
        });
    }

    @Test
    void holdsAsManyConnectionsAsTheRouteAllowsAndNoMore() {
        pools(102);
        assertThat(sizes).containsExactly(26, 26, 25, 25);
    }

    @Test
    void dividesFewConnectionsAmongNobody() {
        TargetPools pools = pools(15);
        assertThat(sizes).containsExactly(15);
        assertThat(pools.take(loops.getFirst())).isSameAs(pools.take(loops.getLast()));
    }

    @Test
    void givesEachLoopAPoolOfItsOwn() {
        TargetPools pools = pools(100);
        assertThat(loops.stream().map(pools::take).distinct()).hasSize(LOOPS);
        assertThat(pools.take(loops.get(1))).isSameAs(pools.take(loops.get(1)));
    }

    @Test
    void lendsToALoopThatHasUsedUpItsPart() {
        TargetPools pools = pools(100);
        EventLoop busy = loops.getFirst();
        List<TargetPools.Pool> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(pools.take(busy));
        }
        assertThat(new HashSet<>(taken)).hasSize(LOOPS);
        assertThat(taken.subList(0, 25)).containsOnly(taken.getFirst());
        assertThat(taken.subList(25, 100)).doesNotContain(taken.getFirst());
        taken.forEach(TargetPools.Pool::giveBack);
        assertThat(pools.take(busy)).isSameAs(taken.getFirst());
    }

    private TargetPools pools(int maxConnections) {
        return new TargetPools(maxConnections, LOOPS, new TargetPools.Maker() {
            @Override
            public ConnectionProvider connections(int size, int pools) {
                sizes.add(size);
                return ConnectionProvider.create("test", size);
            }

            @Override
            public HttpClient client(ConnectionProvider connections) {
                return HttpClient.create(connections);
            }
        });
    }

    private static EventLoop loop() {
        return new DefaultEventLoop();
    }
}
