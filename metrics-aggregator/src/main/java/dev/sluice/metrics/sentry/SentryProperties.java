package dev.sluice.metrics.sentry;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where errors are handed on.
 *
 * @param dsn of a project of Sentry, or of what takes the same envelopes. Without one nothing is handed on; usually {@code SENTRY_DSN}
 * @param environment what Sentry shows as the environment; usually {@code SENTRY_ENVIRONMENT}
 * @param release what Sentry shows as the release; usually {@code SENTRY_RELEASE}
 * @param timeout how long Sentry may take for an error, tries included
 */
@ConfigurationProperties("sluice.metrics.sentry")
record SentryProperties(
        @DefaultValue("") String dsn,
        @DefaultValue("") String environment,
        @DefaultValue("") String release,
        @DefaultValue("10s") Duration timeout) {

    SentryProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("sluice.metrics.sentry.timeout must be positive: " + timeout);
        }
        projectOf(dsn);
    }

    /** Empty when errors are not handed on. */
    Optional<SentryDsn> project() {
        return Optional.ofNullable(projectOf(dsn));
    }

    private static @Nullable SentryDsn projectOf(String dsn) {
        return dsn.isBlank() ? null : SentryDsn.of(dsn);
    }

    @Override
    public String toString() {
        return "SentryProperties[dsn=***, environment=" + environment + ", release=" + release + ", timeout=" + timeout
                + "]";
    }
}
