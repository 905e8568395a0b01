package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.WatchedFigures.Said;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import dev.sluice.record.DomainEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells of changed verdicts about a tenant's cache and requests. */
final class VerdictEvents implements AlertEvents {

    private static final String RULE_SUFFIX = "-health";

    private final StrictJson json;

    VerdictEvents(StrictJson json) {
        this.json = json;
    }

    /** What an event says. */
    record Data(
            String subject,
            String status,
            String previous,
            Instant since,
            double value,
            double threshold,
            String message,
            String figures) {}

    /** The alert about a verdict that was reached. */
    static Alert alertOf(Subject subject, String tenant, Status before, Said said, Instant now) {
        String message = said.sentences().isEmpty()
                ? "The figures are as they should be."
                : String.join("; ", said.sentences()) + ".";
        return Alert.newBuilder()
                .setId(subject.alertId(tenant))
                .setTenant(tenant)
                .setRule(subject.title() + RULE_SUFFIX)
                .setSubject(subject.title())
                .setState(AlertState.valueOf(said.status().name()))
                .setPrevious(AlertState.valueOf(before.name()))
                .setSince(now.truncatedTo(ChronoUnit.MILLIS))
                .setValue(said.value())
                .setThreshold(said.threshold())
                .setMessage(message)
                .build();
    }

    static boolean isVerdict(Alert alert) {
        return alert.getRule().endsWith(RULE_SUFFIX);
    }

    @Override
    public boolean tells(Alert alert) {
        return isVerdict(alert);
    }

    @Override
    public DomainEvent eventOf(Alert alert) {
        Subject subject = subjectOf(alert);
        Data data = new Data(
                subject.title(),
                words(alert.getState().name()),
                words(alert.getPrevious().name()),
                alert.getSince(),
                alert.getValue(),
                alert.getThreshold(),
                alert.getMessage(),
                subject.source());
        return DomainEvent.newBuilder()
                .setId("health-" + subject.title() + "-" + data.status() + "-"
                        + alert.getSince().toEpochMilli())
                .setSource(subject.source())
                .setType(subject.eventType(AlertTable.statusOf(alert)))
                .setSubject("health/" + subject.title())
                .setTime(alert.getSince())
                .setTenant(alert.getTenant())
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(json.write(data)))
                .setExtensions(Map.of())
                .setReceivedAt(alert.getSince())
                .build();
    }

    @Override
    public Label labelOf(Alert alert) {
        return label(subjectOf(alert), AlertTable.statusOf(alert));
    }

    @Override
    public List<Label> labels() {
        return Arrays.stream(Subject.values())
                .flatMap(subject -> Arrays.stream(Status.values()).map(status -> label(subject, status)))
                .toList();
    }

    private static Label label(Subject subject, Status status) {
        return new Label(subject.title(), words(status.name()));
    }

    private static Subject subjectOf(Alert alert) {
        return Subject.valueOf(alert.getSubject().toUpperCase(Locale.ROOT));
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
