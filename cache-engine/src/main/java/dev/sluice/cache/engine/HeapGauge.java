package dev.sluice.cache.engine;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * The heap after collections, from the collectors' own notifications: nothing is polled. What counts is where long-lived objects are
 * (those pools of the heap that have usage thresholds: the old generation, with any collector of HotSpot), and only a collection of that:
 * a young one says nothing about it. The collection usage of a pool changes with each of its own collections alone.
 */
final class HeapGauge implements MemoryGauge {

    private static final Logger log = LoggerFactory.getLogger(HeapGauge.class);

    private static final String MAJOR = "end of major GC";

    @Override
    public Disposable watch(Consumer<Reading> listener) {
        Watch watch = new Watch(oldPools(), listener);
        List<NotificationEmitter> emitters = new ArrayList<>();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(watch, null, null);
                emitters.add(emitter);
            }
        }
        return () -> emitters.forEach(emitter -> leave(emitter, watch));
    }

    private static List<MemoryPoolMXBean> oldPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(MemoryPoolMXBean::isUsageThresholdSupported)
                .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
                .toList();
    }

    private static void leave(NotificationEmitter emitter, NotificationListener listener) {
        try {
            emitter.removeNotificationListener(listener);
        } catch (ListenerNotFoundException e) {
            log.debug("it had left before", e);
        }
    }

    /** One listener. */
    private static final class Watch implements NotificationListener {
        private final List<MemoryPoolMXBean> pools;
        private final Consumer<Reading> listener;
        private long lastLive = -1;

        Watch(List<MemoryPoolMXBean> pools, Consumer<Reading> listener) {
            this.pools = pools;
            this.listener = listener;
        }

        @Override
        public synchronized void handleNotification(Notification notification, Object handback) {
            if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                    && notification.getUserData() instanceof CompositeData data) {
                collected(GarbageCollectionNotificationInfo.from(data)
                        .getGcAction()
                        .equals(MAJOR));
            }
        }

        private void collected(boolean all) {
            long live = 0;
            long max = 0;
            for (MemoryPoolMXBean pool : pools) {
                MemoryUsage left = pool.getCollectionUsage();
                live += left.getUsed();
                max += left.getMax() > 0 ? left.getMax() : Runtime.getRuntime().maxMemory();
            }
            if (max > 0 && (all || live != lastLive)) {
                lastLive = live;
                listener.accept(new Reading(live, max));
            }
        }
    }
}
