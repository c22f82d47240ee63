package dev.dormouse.research;

import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkLake;
import dev.dormouse.table.PapersTable;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and adds the papers of a lake. */
public final class Papers {
  private Papers() {}

  /**
   * Adds the papers that the lake does not have yet, with embeddings if there is an embedder.
   *
   * @return the number of added papers
   */
  public static long add(SparkLake lake, List<Paper> papers, Optional<Embedder> embedder) {
    if (papers.isEmpty()) {
      return 0;
    }
    List<List<Float>> vectors =
        embedder
            .map(e -> e.embed(papers.stream().map(Paper::text).toList()))
            .orElseGet(() -> papers.stream().map(paper -> List.<Float>of()).toList());
    List<TableRow> rows = new ArrayList<>();
    for (int i = 0; i < papers.size(); i++) {
      rows.add(papers.get(i).encode(vectors.get(i)));
    }
    return lake.mergeNew(PapersTable.TABLE, lake.rows(PapersTable.TABLE, rows));
  }

  /** Returns all papers of the lake, without Spark; none if it has no such table. */
  public static List<Document> documents(KernelLake lake) {
    return lake.read(PapersTable.TABLE).rows().stream()
        .map(row -> Document.of(Paper.decode(row), embedding(row)))
        .toList();
  }

  private static List<Float> embedding(TableRow row) {
    List<Float> vector = new ArrayList<>();
    if (row.raw("embedding") instanceof List<?> numbers) {
      numbers.forEach(number -> vector.add(((Number) number).floatValue()));
    }
    return vector;
  }
}
