package dev.sluice.gateway.stream;

/** What a stream says of itself, as JSON. No text in it needs to be escaped. Pure. */
final class StreamJson {

    private StreamJson() {}

    static String gap(StreamItem.Slow gap, StreamIds ids) {
        return "{\"reason\":\"slow_reader\",\"events\":" + gap.events() + ",\"from\":\"" + ids.of(gap.from())
                + "\",\"to\":\"" + ids.of(gap.behind())
                + "\",\"detail\":\"You read too slowly for what came; to have what was left out, open a stream with from as"
                + " its id.\"}";
    }

    static String gap(StreamItem.Expired gap, StreamIds ids) {
        return "{\"reason\":\"expired\",\"to\":\"" + ids.of(gap.behind())
                + "\",\"detail\":\"The log does not go back that far any more; this goes on with the earliest that there"
                + " is.\"}";
    }

    static String gap(StreamItem.Replaced gap, StreamIds ids) {
        return "{\"reason\":\"replaced\",\"to\":\"" + ids.of(gap.behind())
                + "\",\"detail\":\"The log of events was made anew or has lost the last of them; this goes on with all that is"
                + " new.\"}";
    }

    static String closed(CloseReason reason) {
        return "{\"reason\":\"" + reason.code() + "\",\"detail\":\"" + reason.detail() + "\"}";
    }
}
