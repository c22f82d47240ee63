package dev.dormouse.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A YAML file from outside, parsed without building objects: at most 3 MB, no aliases, ten levels.
 */
final class YamlFile {
  private static final long LARGEST_FILE = 3_000_000;
  private static final int MOST_LEVELS = 10;

  private final Path path;

  private YamlFile(Path path) {
    this.path = path;
  }

  /**
   * Parses a file.
   *
   * @throws BadInputException if it cannot be read, is empty or is not valid YAML
   */
  static Node parse(Path path) {
    YamlFile file = new YamlFile(path);
    return file.compose(file.content());
  }

  private BadInputException problem(int line, String message) {
    return new BadInputException(
        List.of(new Problem(path.getFileName().toString(), line, "", message)));
  }

  private String content() {
    try {
      if (Files.isDirectory(path)) {
        throw problem(0, "is a directory; name a YAML file");
      }
      if (Files.size(path) > LARGEST_FILE) {
        throw problem(0, "is larger than 3 MB; a campaign file is not");
      }
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      throw problem(0, "does not exist");
    } catch (MalformedInputException e) {
      throw problem(0, "is not UTF-8 text");
    } catch (IOException e) {
      throw problem(0, "cannot be read: " + e.getMessage());
    }
  }

  private Node compose(String content) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(MOST_LEVELS);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(content));
      if (root == null) {
        throw problem(0, "is empty; see the example in the README");
      }
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw problem(line, "is not valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw problem(0, "is not valid YAML: " + e.getMessage());
    }
  }
}
