// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** XML reports, read by a strict parser. */
class XmlReportTest {
    private static final long[] HERE = {0x1003, 0x10AB};

    private final ReportFixture fixture = new ReportFixture();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private MemcheckReport report(int protocol, MemcheckOptions options) {
        XmlOutput.Head head = new XmlOutput.Head(protocol, 77, 76, List.of("muninn", "--xml=yes"), null);
        return new MemcheckReport(options, new XmlOutput(bytes, head), ReportFixture::name, fixture.sources);
    }

    private Element parsed() throws Exception {
        Document d = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes.toByteArray()));
        return d.getDocumentElement();
    }

    private static List<Element> children(Element e) {
        List<Element> out = new ArrayList<>();
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) {
                out.add(child);
            }
        }
        return out;
    }

    private static List<String> names(Element e) {
        return children(e).stream().map(Element::getTagName).toList();
    }

    private static Element child(Element e, String name) {
        return children(e).stream().filter(c -> c.getTagName().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void elementsComeInTheOrderOfTheProtocol() throws Exception {
        MemcheckReport report = report(6, MemcheckOptions.defaults());
        report.preamble(List.of("./a", "<b> & c"));
        fixture.block = new HeapBlock(0x5000, 10, "block", "free'd", true, new long[] {0x9000, 0x1001}, new long[] {0x9001, 0x1002});
        report.error(new MemoryError.InvalidRead(2, HERE, 0x5000, 4));
        report.error(new MemoryError.InvalidRead(2, HERE, 0x5000, 4));
        report.fatal(new FatalSignal(HERE, 11, 1, 0x10, 0, false), 2);
        report.finish(new HeapTotals(0, 0, 1, 1, 10), null, id -> HERE);

        Element root = parsed();
        assertThat(root.getTagName()).isEqualTo("valgrindoutput");
        assertThat(names(root)).containsExactly("protocolversion", "protocoltool", "preamble", "pid", "ppid", "tool", "args", "status",
                "error", "fatal_signal", "status", "heap_summary", "all_heap_blocks_freed", "errorcounts", "suppcounts", "error_summary");
        Element error = child(root, "error");
        assertThat(names(error)).containsExactly("unique", "tid", "kind", "what", "stack", "auxwhat", "stack", "auxwhat", "stack");
        assertThat(child(error, "what").getTextContent()).isEqualTo("Invalid read of size 4");
        assertThat(child(error, "auxwhat").getTextContent()).isEqualTo("Address 0x5000 is 0 bytes inside a block of size 10 free'd");
        Element frame = children(child(error, "stack")).getFirst();
        assertThat(names(frame)).containsExactly("ip", "obj", "fn", "file", "line");
        Element pair = children(child(root, "errorcounts")).getFirst();
        assertThat(child(pair, "count").getTextContent()).isEqualTo("2");
        assertThat(child(pair, "unique").getTextContent()).isEqualTo(child(error, "unique").getTextContent());
        Element argv = child(child(root, "args"), "argv");
        assertThat(child(argv, "arg").getTextContent()).isEqualTo("<b> & c");
    }

    @Test
    void protocolFourHasNoSummaries() throws Exception {
        MemcheckReport report = report(4, MemcheckOptions.defaults());
        report.preamble(List.of("./a"));
        report.finish(new HeapTotals(0, 0, 0, 0, 0), null, id -> HERE);

        assertThat(names(parsed())).endsWith("status", "status", "errorcounts", "suppcounts").doesNotContain("heap_summary");
    }

    @Test
    void aSuppressionStandsInsideItsError() throws Exception {
        MemcheckReport report = report(4, MemcheckOptions.defaults().withGenerateSuppressions(true));
        report.preamble(List.of("./a"));
        report.error(new MemoryError.SyscallParam(1, HERE, "write(buf)", 0x10, true, true));
        report.finish(new HeapTotals(0, 0, 0, 0, 0), null, id -> HERE);

        Element suppression = child(child(parsed(), "error"), "suppression");
        assertThat(names(suppression)).containsExactly("sname", "skind", "skaux", "sframe", "sframe", "rawtext");
        List<Suppression> read = SuppressionFile.parse("x", child(suppression, "rawtext").getTextContent());
        assertThat(new Suppressions(read).match("Param", "write(buf)", 0, ReportFixture.name(HERE))).isNotNull();
    }

    @Test
    void charactersThatXmlDoesNotHaveAreReplaced() {
        assertThat(XmlOutput.escaped("a\u0001<\ud800>&\ufffe\ud83d\ude00")).isEqualTo("a?&lt;?&gt;&amp;?\ud83d\ude00");
    }
}
