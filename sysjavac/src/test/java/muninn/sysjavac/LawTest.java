// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each violation is refused by name, all of them at once, with the path that leads there. */
class LawTest {
    private static final String LAWLESS = "muninn/sysjavac/Lawless";

    private static String message(String... roots) {
        List<byte[]> classes = List.of(ThreeWaysTest.classFile(Lawless.class), ThreeWaysTest.classFile(Lawless.Computed.class),
                ThreeWaysTest.classFile(Lawless.Unmarked.class), ThreeWaysTest.classFile(Lawless.Exchangeable.class));
        try {
            SystemCompiler.compile(classes, List.of(roots));
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        return "";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "allocates:()Ljava/lang/Object; | result of type Ljava/lang/Object;",
        "array:(I)I | NEWARRAY",
        "string:()V | constant a",
        "floating:(I)D | result of type D",
        "floatInside:(I)I | I2D",
        "throwing:(I)V | instruction NEW",
        "catching:(II)I | exception handler",
        "virtual:(Ljava/lang/Object;)I | parameter of type Ljava/lang/Object;",
        "foreign:()J | call of java/lang/System.nanoTime:()J",
        "recursive:(I)I | recursion without @Bounded",
        "lambda:(I)I | INVOKEDYNAMIC",
        "field:(Lmuninn/sysjavac/Lawless;)I | parameter of type",
        "writesTable:(I)V | IASTORE",
        "locked:()V | exception handler",
        "lockedMethod:()V | synchronized method",
        "notStatic:()I | not a static method",
        "missing:()V | no such method",
    })
    void isRefused(String method, String because) {
        assertThat(message(LAWLESS + "." + method)).contains(because).contains(method.substring(0, method.indexOf(':')));
    }

    @Test
    void initialisersAreConstant() {
        assertThat(message(LAWLESS + "$Computed.get:()I")).contains("class initialiser with");
    }

    @Test
    void tablesAreFinal() {
        assertThat(message(LAWLESS + "$Exchangeable.get:(I)I")).contains("class initialiser with PUTSTATIC", "field of type [I");
    }

    @Test
    void methodsAreMarked() {
        assertThat(message(LAWLESS + "$Unmarked.get:()I")).contains("not marked with @SystemCode");
    }

    @Test
    void pathIsNamed() {
        assertThat(message(LAWLESS + ".outer:(J)J"))
                .containsSubsequence(LAWLESS + ".inner:(J)J <- ", LAWLESS + ".middle:(J)J <- ", LAWLESS + ".outer:(J)J");
    }

    @Test
    void allAreReportedAtOnce() {
        assertThat(message(LAWLESS + ".foreign:()J", LAWLESS + ".array:(I)I", LAWLESS + ".missing:()V").lines()).hasSize(3);
    }

    @Test
    void rootsAreChecked() {
        assertThatThrownBy(() -> SystemCompiler.compile(List.of(), List.of("a/B.c:()V"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such method in a/B.c:()V");
    }

    @Test
    void graphsCanBePrinted() {
        List<byte[]> classes = List.of(ThreeWaysTest.classFile(Routines.class));
        String text = SystemCompiler.print(classes, List.of("muninn/sysjavac/Routines.fibonacci:(I)I"), "fibonacci");
        assertThat(text).contains("Routines.fibonacci", "and32 v", "call64 muninn/sysjavac/Routines.fib:(I)I", "return");
        assertThat(text).doesNotContain("\nmuninn/sysjavac/Routines.fib:");
    }
}
