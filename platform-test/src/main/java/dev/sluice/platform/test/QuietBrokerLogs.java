package dev.sluice.platform.test;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the broker's own log out of test output, also after an application has reset the logging system. */
final class QuietBrokerLogs {

    private static final List<String> BROKER_LOGGERS = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.network",
            "org.apache.kafka.queue",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.snapshot",
            "org.apache.kafka.storage",
            "org.apache.kafka.timeline",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.metrics",
            "org.apache.kafka.common.network",
            "org.apache.kafka.common.utils.AppInfoParser");

    private QuietBrokerLogs() {}

    static void apply() {
        // Modules without logback have no backend at all and print nothing.
        if (LoggerFactory.getILoggerFactory().getClass().getName().startsWith("ch.qos.logback.")) {
            Logback.apply();
        }
    }

    /** Apart, so that no logback class is loaded where there is none. */
    private static final class Logback {

        static void apply() {
            if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
                return;
            }
            quieten(context);
            context.addListener(new AgainAfterReset());
        }

        private static void quieten(LoggerContext context) {
            ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            // Logback's own default when nobody configured it: thousands of lines from Kafka clients.
            if (root.getLevel() == Level.DEBUG) {
                root.setLevel(Level.INFO);
            }
            BROKER_LOGGERS.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        }

        private static final class AgainAfterReset implements LoggerContextListener {

            @Override
            public boolean isResetResistant() {
                return true;
            }

            @Override
            public void onReset(LoggerContext context) {
                quieten(context);
            }

            @Override
            public void onStart(LoggerContext context) {
                quieten(context);
            }

            @Override
            public void onStop(LoggerContext context) {}

            @Override
            public void onLevelChange(ch.qos.logback.classic.Logger logger, Level level) {}
        }
    }
}
