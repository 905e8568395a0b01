package dev.sluice.metrics.sentry;

import java.net.URI;

/**
 * Where a project of Sentry takes events, and the key that says so: {@code https://key@host/path/project} (Sentry's developer documentation, "Parsing the
 * DSN"). The key lets anybody send, so it is in no message and no log.
 *
 * @param envelopes where envelopes are posted
 * @param key the public key
 */
record SentryDsn(URI envelopes, String key) {

    /** Refuses what is no DSN, without saying what it was. */
    static SentryDsn of(String text) {
        URI dsn = uri(text);
        String user = dsn.getRawUserInfo();
        String path = dsn.getRawPath() == null ? "" : dsn.getRawPath();
        int slash = path.lastIndexOf('/');
        boolean isHttp = "https".equals(dsn.getScheme()) || "http".equals(dsn.getScheme());
        if (!isHttp || dsn.getHost() == null || user == null || slash < 0 || slash == path.length() - 1) {
            throw invalid();
        }
        // An old DSN has a secret behind the key, which is not sent any more.
        String key = user.split(":", 2)[0];
        if (!key.matches("\\w{1,128}")) {
            throw invalid();
        }
        String port = dsn.getPort() < 0 ? "" : ":" + dsn.getPort();
        return new SentryDsn(
                URI.create(dsn.getScheme() + "://" + dsn.getHost() + port + path.substring(0, slash) + "/api/"
                        + path.substring(slash + 1) + "/envelope/"),
                key);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "sluice.metrics.sentry.dsn must be as Sentry shows it among the client keys of a project:"
                        + " https://<key>@<host>/<project>");
    }

    @Override
    public String toString() {
        return "SentryDsn[envelopes=" + envelopes + ", key=***]";
    }
}
