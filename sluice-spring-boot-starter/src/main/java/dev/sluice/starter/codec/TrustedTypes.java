package dev.sluice.starter.codec;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * The classes of which values may be made: those of the application's packages, and values and collections of the JDK. A
 * name in JSON is looked at before its class is loaded, and with its parameters after.
 */
public final class TrustedTypes extends PolymorphicTypeValidator {

    private static final long serialVersionUID = 1L;

    private static final List<String> JDK_PACKAGES = List.of("java.time.", "java.math.");

    private static final Set<String> JDK_TYPES = Set.of(
            "java.lang.Object",
            "java.lang.String",
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.Character",
            "java.lang.Enum",
            "java.net.URI",
            "java.util.UUID",
            "java.util.Date",
            "java.util.Locale",
            "java.util.Currency",
            "java.util.Optional",
            "java.util.BitSet",
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.ArrayDeque",
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.EnumMap",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.TreeSet",
            "java.util.EnumSet",
            "java.util.RegularEnumSet",
            "java.util.JumboEnumSet",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.Arrays$ArrayList");

    /** Nested classes that keep what they are given and nothing else. */
    private static final List<String> JDK_NESTED = List.of(
            "java.util.ImmutableCollections$",
            "java.util.Collections$Unmodifiable",
            "java.util.Collections$Empty",
            "java.util.Collections$Singleton");

    private final List<String> packages;

    /** Those of these packages and of what lies below them. */
    public TrustedTypes(Collection<String> packages) {
        this.packages = packages.stream().map(name -> name + ".").toList();
    }

    boolean trusts(Class<?> type) {
        return trusts(type.getName());
    }

    /** A class name as the JVM writes it, arrays included. */
    private boolean trusts(String name) {
        String element = name.replaceFirst("^\\[+", "");
        if (element.length() < name.length()) {
            return element.length() == 1 || trusts(element.substring(1, element.length() - 1));
        }
        return JDK_TYPES.contains(name)
                || JDK_PACKAGES.stream().anyMatch(name::startsWith)
                || JDK_NESTED.stream().anyMatch(name::startsWith)
                || packages.stream().anyMatch(name::startsWith);
    }

    private boolean trusts(JavaType type) {
        boolean itself = type.isPrimitive() || type.isArrayType() || trusts(type.getRawClass());
        JavaType content = type.getContentType();
        return itself
                && (content == null || trusts(content))
                && type.getBindings().getTypeParameters().stream().allMatch(this::trusts);
    }

    @Override
    public Validity validateBaseType(DatabindContext context, JavaType baseType) {
        return Validity.INDETERMINATE;
    }

    @Override
    public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
        return trusts(subClassName) ? Validity.INDETERMINATE : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
        return trusts(subType) ? Validity.ALLOWED : Validity.DENIED;
    }
}
