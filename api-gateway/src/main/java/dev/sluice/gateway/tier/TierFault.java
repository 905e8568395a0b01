package dev.sluice.gateway.tier;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;

/** What is wrong with a document of tiers, and where. */
final class TierFault extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient ProblemType type;
    private final String path;
    private final String sentence;

    /**
     * @param sentence what it must be, as the rest of a sentence that begins with the path
     * @param sent what stands there, for whoever wrote the file; empty when that says nothing
     */
    TierFault(ProblemType type, String path, String sentence, String sent) {
        super(path + " " + sentence + (sent.isEmpty() ? "" : ": " + sent));
        this.type = type;
        this.path = path;
        this.sentence = sentence;
    }

    /** The same fault as an answer of the API, which does not repeat what was sent. */
    ProblemException toProblem() {
        return ProblemException.ofField(type, path.isEmpty() ? "body" : path, (path + " " + sentence + ".").strip());
    }
}
