package dev.sluice.gateway.ingest;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the platform needs to know of media types (RFC 9110, section 8.3.1). Pure. */
public final class MediaTypes {

    static final String JSON = "application/json";
    static final String OCTET_STREAM = "application/octet-stream";

    private static final String TOKEN = "[!#$%&'*+.^_`|~A-Za-z0-9-]+";
    private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "(?:[ \\t]*;[ \\t]*" + TOKEN
            + "=(?:" + TOKEN + "|\"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*\"))*");

    private MediaTypes() {}

    static boolean isValid(String text) {
        return MEDIA_TYPE.matcher(text).matches();
    }

    /** Whether data of this type stands in a JSON event as a JSON value: its subtype is json or ends with +json. */
    public static boolean isJson(String mediaType) {
        String essence = essence(mediaType);
        return essence.endsWith("/json") || essence.endsWith("+json");
    }

    /** Type and subtype in lower case, without parameters. */
    static String essence(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String essence = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        return essence.strip().toLowerCase(Locale.ROOT);
    }
}
