// SPDX-License-Identifier: MIT
package muninn.sysjava;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Allows a system Java method to call itself, directly or through others; the value says what bounds the depth. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Bounded {
    String value();
}
