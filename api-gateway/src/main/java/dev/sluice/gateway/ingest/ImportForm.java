package dev.sluice.gateway.ingest;

import java.util.Map;

/** What each line of an upload is. */
sealed interface ImportForm {

    /** An event in structured JSON. */
    record Events() implements ImportForm {}

    /**
     * The data of an event, as JSON.
     *
     * @param attributes what all the events have, sent once
     */
    record Data(Map<String, String> attributes) implements ImportForm {

        public Data {
            attributes = Map.copyOf(attributes);
        }
    }
}
