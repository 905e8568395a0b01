package dev.sluice.gateway.ingest;

/** The CloudEvents type String (specification 1.0, section 2.3): Unicode without controls and noncharacters. Pure. */
final class AttributeText {

    private AttributeText() {}

    static boolean isPrintable(String text) {
        int next;
        for (int i = 0; i < text.length(); i += Character.charCount(next)) {
            next = text.codePointAt(i);
            if (isRefused(next)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRefused(int codePoint) {
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        boolean noncharacter = (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
        return Character.isISOControl(codePoint) || surrogate || noncharacter;
    }
}
