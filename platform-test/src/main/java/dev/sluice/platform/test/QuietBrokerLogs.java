package dev.sluice.platform.test;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
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
        // Spring Boot stops the logging it finds when an application starts, with all that listens there, and makes its
        // own.
        BROKER_LOGGERS.forEach(name -> System.setProperty("logging.level." + name, "WARN"));
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
        }

        private static void quieten(LoggerContext context) {
            ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            // Logback's own default when nobody configured it: thousands of lines from Kafka clients.
            if (root.getLevel() == Level.DEBUG) {
                root.setLevel(Level.INFO);
            }
            BROKER_LOGGERS.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        }
    }
}
