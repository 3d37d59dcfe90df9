// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * A symbol of an ELF symbol table.
 *
 * @param name    of a dynamic symbol without a version suffix; never null
 * @param value   address as the file counts it (before the load bias)
 * @param size    in bytes; 0 = unknown
 * @param type    ELF symbol type, one of the STT_ constants
 * @param binding 0 local, 1 global, 2 weak
 * @param section index of the defining section; 0 = undefined here
 * @param version of a dynamic symbol ({@code GLIBC_2.2.5}), else null
 * @param hidden  whether the version is not the default one ({@code name@version} instead of {@code name@@version})
 */
public record Symbol(String name, long value, long size, int type, int binding, int section, String version,
                     boolean hidden) {
    public static final int STT_NOTYPE = 0;
    public static final int STT_OBJECT = 1;
    public static final int STT_FUNC = 2;
    public static final int STT_TLS = 6;
    public static final int STT_GNU_IFUNC = 10;

    public boolean isDefined() {
        return section != 0;
    }

    public boolean isFunction() {
        return type == STT_FUNC || type == STT_GNU_IFUNC;
    }

    /** Whether the value is a resolver that has to be called to learn the function's address. */
    public boolean isIndirect() {
        return type == STT_GNU_IFUNC;
    }

    /** The name as linkers write it: {@code memcpy@GLIBC_2.2.5}, {@code memcpy@@GLIBC_2.14} or {@code memcpy}. */
    public String versionedName() {
        return version == null ? name : name + (hidden ? "@" : "@@") + version;
    }
}
