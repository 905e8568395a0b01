package dev.sluice.metrics.alert;

import dev.sluice.record.Alert;
import dev.sluice.record.DomainEvent;
import java.util.List;

/** How alerts of one kind are told. Everything follows from the alert, so that whoever takes over tells the same. */
interface AlertEvents {
    /** Whether an alert is of this kind. */
    boolean tells(Alert alert);

    /** The event about it; of one alert it has the same id each time. */
    DomainEvent eventOf(Alert alert);

    /** What is counted together. */
    Label labelOf(Alert alert);

    /** All there are. */
    List<Label> labels();

    /**
     * Bounded labels of a counter.
     *
     * @param subject what is watched
     * @param status what was told
     */
    record Label(String subject, String status) {}
}
