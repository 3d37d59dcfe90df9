// SPDX-License-Identifier: MIT
package muninn.sysjava;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a method (or every method of a class) that runs inside the client; the value is the reason. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface SystemCode {
    String value();
}
