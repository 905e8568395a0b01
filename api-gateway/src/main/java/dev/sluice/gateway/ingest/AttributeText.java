package dev.sluice.gateway.ingest;

/** The CloudEvents type String (specification 1.0, section 2.3): Unicode without controls and noncharacters. Pure. */
final class AttributeText {

    private AttributeText() {}

    static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(AttributeText::isRefused);
    }

    private static boolean isRefused(int codePoint) {
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        boolean noncharacter = (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
        return Character.isISOControl(codePoint) || surrogate || noncharacter;
    }
}
