// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of cases/corpus/programs.txt.
 *
 * @param open a fault that is known and not repaired yet
 * @param children whether children are followed after execve
 * @param input name of the file that is standard input, or {@code null}
 */
record Invocation(String line, boolean open, boolean children, List<String> words, String input) {
    private static final String OPEN = "open: ";
    private static final String CHILDREN = "children:";

    static Invocation parse(String line) {
        boolean open = line.startsWith(OPEN);
        String rest = open ? line.substring(OPEN.length()) : line;
        boolean children = rest.startsWith(CHILDREN);
        List<String> words = words(children ? rest.substring(CHILDREN.length()) : rest);
        String input = null;
        int n = words.size();
        if (n > 2 && words.get(n - 2).equals("<")) {
            input = words.get(n - 1);
            words = words.subList(0, n - 2);
        }
        return new Invocation(line, open, children, List.copyOf(words), input);
    }

    /** The command with the folder of compiled programs filled in. */
    List<String> command(Path clients) {
        List<String> out = new ArrayList<>(words);
        out.set(0, out.getFirst().replace("$CLIENTS", clients.toString()));
        return out;
    }

    private static List<String> words(String text) {
        List<String> out = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean inWord = false;
        for (char c : text.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
                inWord = true;
            } else if (c == ' ' && !quoted) {
                if (inWord) {
                    out.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            out.add(word.toString());
        }
        return out;
    }
}
