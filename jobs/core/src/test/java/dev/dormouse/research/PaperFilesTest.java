package dev.dormouse.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperFilesTest {
  private static final Path SHIPPED =
      Path.of("../../insights-lake/data/literature/ctr_models.jsonl");

  @TempDir Path dir;

  @Test
  void readsEveryPaperThatShipsWithAUrlAndALicence() {
    PaperFiles.Contents contents = PaperFiles.read(SHIPPED, "Apache-2.0");

    assertThat(contents.refused()).isEmpty();
    assertThat(contents.papers())
        .hasSize(98)
        .allMatch(paper -> paper.url().startsWith("http") && paper.licence().equals("Apache-2.0"))
        .extracting(Paper::paperId)
        .doesNotHaveDuplicates();
    assertThat(contents.papers().get(0).authors()).contains("Jieming Zhu", "Rui Zhang");
  }

  @Test
  void refusesEntriesWithoutTitleOrSourceAndGoesOn() throws IOException {
    PaperFiles.Contents contents =
        read(
            "papers.jsonl",
            """
            {"title": "No source"}
            {"url": "https://example.org/a"}
            not json
            {"title": "Bad source", "url": "javascript:alert(1)"}
            {"title": "Good", "doi": "10.1145/3539618.3591988", "license": "CC-BY-4.0", "abstract": "kept"}
            {"title": "Facts only", "arxiv": "2008.13535", "abstract": "not kept"}
            """);

    assertThat(contents.refused()).hasSize(4);
    assertThat(contents.papers())
        .extracting(Paper::url, Paper::licence, Paper::summary)
        .containsExactly(
            tuple("https://doi.org/10.1145/3539618.3591988", "CC-BY-4.0", "kept"),
            tuple("https://arxiv.org/abs/2008.13535", "unknown; bibliographic facts only", ""));
  }

  @Test
  void readsBibtex() throws IOException {
    PaperFiles.Contents contents =
        read(
            "papers.bib",
            """
            @inproceedings{wang2021dcn,
              title = {{DCN V2}: Improved Deep {\\&} Cross Network},
              author = {Wang, Ruoxi and Shivanna, Rakesh},
              booktitle = {WWW}, year = 2021, eprint = {2008.13535}
            }
            """);

    Paper paper = contents.papers().get(0);
    assertThat(paper.paperId()).isEqualTo("wang2021dcn");
    assertThat(paper.title()).startsWith("DCN V2: Improved Deep").doesNotContain("{");
    assertThat(paper.authors()).containsExactly("Wang, Ruoxi", "Shivanna, Rakesh");
    assertThat(paper.year()).hasValue(2021);
    assertThat(paper.url()).isEqualTo("https://arxiv.org/abs/2008.13535");
  }

  @Test
  void readsFeedsOfArxiv() throws IOException {
    PaperFiles.Contents contents = read("feed.xml", feed("A &amp; B"));

    Paper paper = contents.papers().get(0);
    assertThat(paper.paperId()).isEqualTo("arXiv:2304.00902");
    assertThat(paper.title()).isEqualTo("A & B");
    assertThat(paper.authors()).containsExactly("Kelong Mao");
    assertThat(paper.licence()).isEqualTo("https://creativecommons.org/licenses/by/4.0/");
    assertThat(paper.summary()).isEqualTo("Two streams.");
  }

  @Test
  void readsWhatArxivAddsToAtom() throws IOException {
    String arxiv =
        """
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
        <entry>
          <id>http://arxiv.org/abs/2008.13535v2</id><title>DCN V2</title><rights>CC0</rights>
          <arxiv:doi>10.1145/3442381.3450078</arxiv:doi>
          <arxiv:journal_ref>WWW 2021</arxiv:journal_ref>
          <arxiv:primary_category term="cs.LG"/>
        </entry>
        <entry><id>http://arxiv.org/abs/2304.00902</id></entry></feed>
        """;
    PaperFiles.Contents contents = read("feed.atom", arxiv);

    Paper paper = contents.papers().get(0);
    assertThat(paper.venue()).isEqualTo("WWW 2021");
    assertThat(paper.topic()).isEqualTo("cs.LG");
    assertThat(paper.licence()).isEqualTo("CC0");
    assertThat(contents.refused()).containsExactly("entry at line 8 has no title");
  }

  @Test
  void noFeedReadsFilesOrGrowsByEntities() throws IOException {
    Path secret = Files.writeString(dir.resolve("secret"), "hidden");
    String external = "<!DOCTYPE f [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>" + feed("&x;");
    String bomb = "<!DOCTYPE f [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + feed("&b;");

    for (String xml : List.of(external, bomb)) {
      assertThatThrownBy(() -> read("feed.xml", xml)).isInstanceOf(PaperFileException.class);
    }
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithAFile() {
    assertThatThrownBy(() -> read("papers.pdf", "x")).hasMessageContaining(".jsonl, .bib");
    assertThatThrownBy(() -> read("papers.bib", "@x{a, title = ")).hasMessageContaining("BibTeX");
    assertThatThrownBy(() -> read("papers.xml", "<feed><entry>")).hasMessageContaining("XML");
    assertThatThrownBy(() -> read("papers.xml", "<rss version=\"2.0\"><channel/></rss>"))
        .hasMessageContaining("not an Atom 1.0 feed");
    assertThatThrownBy(() -> read("papers.xml", "<html/>"))
        .hasMessageContaining("not an Atom 1.0 feed");
    assertThatThrownBy(() -> PaperFiles.read(dir.resolve("none.bib"), ""))
        .hasMessageContaining("no such file");
  }

  private static String feed(String title) {
    return """
    <feed xmlns="http://www.w3.org/2005/Atom"><title>query</title>
    <entry><id>http://arxiv.org/abs/2304.00902v4</id><published>2023-04-03T11:51:09Z</published>
    <title>%s</title><summary>Two
      streams.</summary><author><name>Kelong Mao</name></author>
    <link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/></entry></feed>
    """
        .formatted(title);
  }

  private PaperFiles.Contents read(String name, String content) throws IOException {
    return PaperFiles.read(Files.writeString(dir.resolve(name), content), "");
  }
}
