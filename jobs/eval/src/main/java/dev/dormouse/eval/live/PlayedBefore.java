package dev.dormouse.eval.live;

import dev.dormouse.model.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps the searches of other optimizers, which are repeatable, so that they are not played again
 * as long as the surface and the scripts are the same.
 */
final class PlayedBefore {
  private final SurfaceScript script;
  private final Path directory;

  PlayedBefore(SurfaceScript script, Path directory) {
    this.script = script;
    this.directory = directory;
  }

  /** Returns the lines of a search, which is played if it was not before. */
  List<String> lines(String method, LiveEpisode episode, int budget) throws IOException {
    String name =
        String.join("-", method, episode.name(), Integer.toString(budget), version(episode))
            + ".jsonl";
    Path file = Files.createDirectories(directory).resolve(name);
    if (!Files.exists(file)) {
      List<String> lines =
          script.play(method, episode.file(), episode.baseline(), budget, episode.replicate());
      Path unfinished = Files.write(file.resolveSibling(name + ".tmp"), lines);
      Files.move(unfinished, file);
    }
    return Files.readAllLines(file);
  }

  private String version(LiveEpisode episode) throws IOException {
    StringBuilder content = new StringBuilder(Files.readString(episode.file()));
    try (Stream<Path> scripts = Files.list(script.file().getParent())) {
      for (Path file :
          scripts
              .filter(path -> path.getFileName().toString().startsWith("surface"))
              .sorted()
              .toList()) {
        content.append(Files.readString(file));
      }
    }
    return Digests.sha256(content.toString()).substring(0, 12);
  }
}
