package dev.dormouse.wiring;

import dev.dormouse.config.BadInputException;
import dev.dormouse.config.Deployment;
import dev.dormouse.config.Problem;
import dev.dormouse.llm.LlmJobs;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Makes our functions of SQL known to a session that is not ours, such as a notebook's. */
public final class SqlFunctions {
  private SqlFunctions() {}

  /**
   * Makes {@code llm_generate(prompt, schema)} known, which asks the deployment's model and keeps
   * its books in the deployment's lake.
   *
   * @param deploymentFile its properties
   * @throws BadInputException if the file is wrong, or names no model
   */
  public static void register(SparkSession spark, String deploymentFile) {
    Path file = Path.of(deploymentFile);
    Deployment deployment = Deployment.read(file);
    LlmJobs.register(
        spark,
        deployment.lake(),
        deployment
            .llm()
            .orElseThrow(
                () ->
                    new BadInputException(
                        List.of(
                            new Problem(
                                file.toString(),
                                0,
                                "llm.model",
                                "is missing; name the language model to ask")))),
        Clock.systemUTC());
  }
}
