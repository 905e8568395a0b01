package dev.sluice.webhook.trial;

import dev.sluice.webhook.egress.Answer;
import java.util.Optional;

/**
 * Why a receiver does not have an event, and what its owner can do. Says nothing of the network between.
 *
 * @param code category, as in the log of attempts; {@code status} when there was an answer
 */
record Remedy(String code, String detail, String remedy) {

    private static final String STATUS = "status";

    static Remedy of(Answer.Failure failure) {
        return switch (failure) {
            case BLOCKED_ADDRESS ->
                remedy(
                        failure,
                        "The URL leads to an address that webhooks are not sent to.",
                        "Use a name whose addresses are all public.");
            case UNKNOWN_HOST ->
                remedy(failure, "The name in the URL has no address.", "Check its spelling and its DNS records.");
            case CONNECT ->
                remedy(
                        failure,
                        "Nothing takes connections there.",
                        "Check that the receiver runs, its port, and that a firewall lets the dispatcher in.");
            case TLS ->
                remedy(
                        failure,
                        "No secure connection came about.",
                        "Check that the certificate is valid for the name, not expired and sent with its chain, for TLS 1.2"
                                + " or 1.3.");
            case TIMEOUT ->
                remedy(
                        failure,
                        "There was no answer in time.",
                        "Answer 2xx as soon as the event is stored, and work on it afterwards.");
            case CLOSED ->
                remedy(
                        failure,
                        "The connection was closed before an answer.",
                        "Look at the receiver's log, and at what proxies before it do.");
            case PROTOCOL ->
                remedy(
                        failure,
                        "What was answered is not HTTP/1.1, or its head has more than 8 KiB.",
                        "Check the port and the scheme of the URL.");
            case UNSIGNABLE ->
                remedy(
                        failure,
                        "No secret or header of this webhook can be opened, so nothing was sent.",
                        "Rotate the secret, and send the headers again.");
        };
    }

    /** Empty for a success. */
    static Optional<Remedy> of(int status) {
        if (status >= 200 && status < 300) {
            return Optional.empty();
        }
        return Optional.of(
                switch (status) {
                    case 401, 403 ->
                        remedy(
                                "The receiver does not take the request for genuine, or lets nobody in.",
                                "Check which secret it verifies with, its clock, and the headers that it wants.");
                    case 404, 405 -> remedy("The receiver takes no POST at this path.", "Check the path of the URL.");
                    case 410 ->
                        remedy(
                                "The receiver says that it is gone.",
                                "This answer to an event would disable the webhook; answer 2xx to keep it.");
                    case 413 -> remedy("The event is too large for the receiver.", "Let it take larger bodies.");
                    case 429 -> remedy("The receiver wants fewer requests.", "Let it take more, or wait.");
                    default -> general(status);
                });
    }

    private static Remedy general(int status) {
        if (status >= 300 && status < 400) {
            return remedy("The receiver redirects; redirects are not followed.", "Give the URL that it redirects to.");
        }
        return status >= 500
                ? remedy("The receiver failed.", "Look at its log.")
                : remedy("The receiver refused the event.", "Look at its log; only 2xx is a success.");
    }

    private static Remedy remedy(Answer.Failure failure, String detail, String remedy) {
        return new Remedy(failure.code(), detail, remedy);
    }

    private static Remedy remedy(String detail, String remedy) {
        return new Remedy(STATUS, detail, remedy);
    }
}
