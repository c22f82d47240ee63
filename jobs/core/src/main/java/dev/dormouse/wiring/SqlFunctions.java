package dev.dormouse.wiring;

import dev.dormouse.config.BadInputException;
import dev.dormouse.config.Deployment;
import dev.dormouse.config.Problem;
import dev.dormouse.llm.LlmJobs;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Registers Dormouse's SQL functions in a session of somebody else, such as a notebook's. */
public final class SqlFunctions {
  private SqlFunctions() {}

  /**
   * Registers {@code llm_generate(prompt, schema)}, which asks the deployment's model and records
   * the calls and their cost in the deployment's lake.
   *
   * @param deploymentFile properties file of the deployment
   * @throws BadInputException if the file is invalid, or names no model
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
