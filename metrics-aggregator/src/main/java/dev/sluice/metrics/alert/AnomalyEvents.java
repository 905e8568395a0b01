package dev.sluice.metrics.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.anomaly.Judged;
import dev.sluice.metrics.anomaly.Measure;
import dev.sluice.metrics.anomaly.Watched;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import dev.sluice.record.DomainEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells of what begins and ceases to be unusual. The id of such an alert holds what it is about, so that nothing else has to be kept. */
final class AnomalyEvents implements AlertEvents {

    static final String RULE = "anomaly";
    static final String NAMESPACE = "namespace";
    static final String ROUTE = "route";

    private static final String FIGURES = "/api/v1/monitoring/anomalies";
    private static final char SEPARATOR = '|';
    private static final int PARTS = 5;

    private final StrictJson json;

    AnomalyEvents(StrictJson json) {
        this.json = json;
    }

    /** What an event says. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Data(
            String subject,
            String name,
            String measure,
            String status,
            String previous,
            Instant since,
            double value,
            double threshold,
            String message,
            String figures) {}

    static String idOf(Watched what) {
        return String.join(
                String.valueOf(SEPARATOR),
                RULE,
                what.tenant(),
                what.subject(),
                what.measure().title(),
                what.name());
    }

    /** What an alert is about; a name may hold the separator, for it is the last. */
    static Watched watchedOf(Alert alert) {
        String[] parts = alert.getId().split("\\|", PARTS);
        return new Watched(
                alert.getTenant(), parts[2], parts[PARTS - 1], Measure.valueOf(parts[3].toUpperCase(Locale.ROOT)));
    }

    static boolean isAnomaly(Alert alert) {
        return alert.getRule().equals(RULE);
    }

    static boolean stands(Alert alert) {
        return isAnomaly(alert) && alert.getState() == AlertState.WARNING;
    }

    static Alert begun(Judged found, Instant now) {
        return alertOf(
                found.what(),
                AlertState.WARNING,
                AlertState.HEALTHY,
                found,
                found.what().measure().say(found.value(), found.usual()),
                now);
    }

    /** @param found null when it cannot be judged any more */
    static Alert ended(Watched what, @Nullable Judged found, Instant now) {
        String message = found == null
                ? "is read too little to be judged, and no anomaly any more"
                : what.measure().say(found.value(), found.usual()) + "; so it is as usual again";
        return alertOf(what, AlertState.RESOLVED, AlertState.WARNING, found, message, now);
    }

    private static Alert alertOf(
            Watched what, AlertState state, AlertState previous, @Nullable Judged found, String message, Instant now) {
        return Alert.newBuilder()
                .setId(idOf(what))
                .setTenant(what.tenant())
                .setRule(RULE)
                .setSubject(what.subject())
                .setState(state)
                .setPrevious(previous)
                .setSince(now.truncatedTo(ChronoUnit.MILLIS))
                .setValue(found == null ? 0 : found.value())
                .setThreshold(found == null ? 0 : what.measure().bound(found.usual()))
                .setMessage(what.subject() + " " + what.name() + " " + message + ".")
                .build();
    }

    @Override
    public boolean tells(Alert alert) {
        return isAnomaly(alert);
    }

    @Override
    public DomainEvent eventOf(Alert alert) {
        Watched what = watchedOf(alert);
        Data data = new Data(
                what.subject(),
                what.name(),
                what.measure().title(),
                words(alert.getState()),
                words(alert.getPrevious()),
                alert.getSince(),
                alert.getValue(),
                alert.getThreshold(),
                alert.getMessage(),
                FIGURES);
        String change = alert.getId()
                + SEPARATOR
                + data.status()
                + SEPARATOR
                + alert.getSince().toEpochMilli();
        return DomainEvent.newBuilder()
                .setId("anomaly-" + UUID.nameUUIDFromBytes(change.getBytes(StandardCharsets.UTF_8)))
                .setSource(FIGURES)
                .setType(area(what) + ".anomaly." + (stands(alert) ? "detected" : "ended"))
                .setSubject("anomaly/" + what.subject() + "/" + what.name())
                .setTime(alert.getSince())
                .setTenant(alert.getTenant())
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(json.write(data)))
                .setExtensions(Map.of())
                .setReceivedAt(alert.getSince())
                .build();
    }

    /** As the verdicts about the same figures are called. */
    private static String area(Watched what) {
        return (what.subject().equals(ROUTE) ? Subject.REQUESTS : Subject.CACHE).title();
    }

    @Override
    public Label labelOf(Alert alert) {
        return new Label(alert.getSubject(), words(alert.getState()));
    }

    @Override
    public List<Label> labels() {
        return List.of(NAMESPACE, ROUTE).stream()
                .flatMap(subject -> Arrays.stream(new AlertState[] {AlertState.WARNING, AlertState.RESOLVED})
                        .map(state -> new Label(subject, words(state))))
                .toList();
    }

    private static String words(AlertState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
