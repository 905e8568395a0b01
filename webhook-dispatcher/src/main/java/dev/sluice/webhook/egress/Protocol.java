package dev.sluice.webhook.egress;

/** What a request was sent in. */
public enum Protocol {
    HTTP_1_1("http/1.1"),
    HTTP_2("h2");

    private final String code;

    Protocol(String code) {
        this.code = code;
    }

    /** Its name as registered for ALPN (RFC 7301). */
    public String code() {
        return code;
    }
}
