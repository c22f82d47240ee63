package dev.dormouse.wiring;

import dev.dormouse.config.Deployment;
import dev.dormouse.hypothesize.AgentDrift;
import dev.dormouse.hypothesize.AgentDriftReader;
import dev.dormouse.ingest.ImportPreview;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.ImportSummary;
import dev.dormouse.ingest.Importer;
import dev.dormouse.ingest.MlflowImportRequest;
import dev.dormouse.ingest.MlflowImporter;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkSessions;
import dev.dormouse.io.TableStore;
import dev.dormouse.learn.LearnSummary;
import dev.dormouse.learn.Learner;
import dev.dormouse.mine.Miner;
import dev.dormouse.mine.MiningSummary;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.Planner;
import dev.dormouse.plan.RankedHypotheses;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Paper;
import dev.dormouse.research.Papers;
import dev.dormouse.tuning.PastCampaigns;
import dev.dormouse.tuning.TrainingSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Runs the jobs that need Spark, each in a session of its own, so that no command refers to Spark
 * itself.
 */
public final class SparkJobs {
  private SparkJobs() {}

  /** Imports runs from files. */
  public static ImportSummary importRuns(
      Path lake, ImportRequest request, Instant now, Consumer<String> progress) {
    return inSession(lake, spark -> Importer.importRuns(spark, request, now, progress));
  }

  /** Imports runs from an MLflow server. */
  public static ImportSummary importRuns(
      Path lake, MlflowImportRequest request, Instant now, Consumer<String> progress) {
    return inSession(lake, spark -> MlflowImporter.importRuns(spark, request, now, progress));
  }

  /** Reads the first rows of files to show what an import would do. Needs no lake. */
  public static List<ImportPreview> previewImport(
      ImportRequest request, Consumer<String> progress) {
    return withSession(session -> Importer.preview(session, request, progress));
  }

  /** Reads the first runs of a server to show what an import would do. Needs no lake. */
  public static List<ImportPreview> previewImport(
      MlflowImportRequest request, Consumer<String> progress) {
    return withSession(session -> MlflowImporter.preview(session, request, progress));
  }

  /** Mines the lake's runs for insights, and stores them. */
  public static MiningSummary mine(Path lake, Instant now) {
    return inSession(lake, spark -> Miner.mine(spark, now));
  }

  /** Adds papers to the lake, and returns how many were new. */
  public static long addPapers(Path lake, List<Paper> papers) {
    return inSession(lake, spark -> Papers.add(spark, papers, Embedder.builtIn()));
  }

  /** Builds a campaign's plan. The caller records it with the campaign. */
  public static Plan plan(
      Deployment deployment, CampaignSpec spec, Optional<Duration> preflightRunTime, Instant now) {
    return inSession(
        deployment.lake(),
        lake ->
            Planner.plan(
                lake, spec, preflightRunTime, now, LanguageModel.of(deployment, spec, lake)));
  }

  /**
   * Learns from what campaigns measured; starts a session only if there is something to learn.
   *
   * @param store the lake
   */
  public static LearnSummary learn(Deployment deployment, TableStore store, Instant now) {
    Learner learner = Learner.of(store);
    if (learner.isUpToDate()) {
      return learner.nothing();
    }
    return inSession(
        deployment.lake(),
        lake ->
            learner.learn(
                lake,
                (spark, spec, old) ->
                    Planner.again(spark, spec, old, LanguageModel.of(deployment, spec, spark)),
                now));
  }

  /** Returns a campaign's hypotheses, best first. */
  public static RankedHypotheses hypotheses(Deployment deployment, CampaignSpec spec) {
    return inSession(
        deployment.lake(),
        lake ->
            Planner.hypotheses(
                lake, spec, Optional.empty(), LanguageModel.of(deployment, spec, lake)));
  }

  /** Returns how well Dormouse did in each campaign, in order of time. */
  public static List<AgentDrift> agentDrift(Path lake) {
    return inSession(lake, AgentDriftReader::read);
  }

  /** Returns questions, answers and outcomes of past campaigns, for tuning a language model. */
  public static TrainingSet trainingSet(Path lake) {
    return inSession(lake, PastCampaigns::trainingSet);
  }

  /** Runs a job on the lake, and creates missing tables before. */
  public static <T> T inSession(Path lake, Function<SparkLake, T> job) {
    return withSession(
        session -> {
          SparkLake sparkLake = SparkLake.at(session, lake);
          sparkLake.createAll();
          return job.apply(sparkLake);
        });
  }

  /** Runs a job in a session, and stops the session after it unless there was one before. */
  public static <T> T withSession(Function<SparkSession, T> job) {
    boolean ours = !isUsable(SparkSession.getActiveSession(), SparkSession.getDefaultSession());
    SparkSession session = SparkSessions.embedded("dormouse");
    // Encoders read the configuration of the thread's session.
    SparkSession.setActiveSession(session);
    try {
      return job.apply(session);
    } finally {
      if (ours) {
        session.stop();
      }
    }
  }

  /** Returns whether the thread's session, or that of the whole process, runs. */
  private static boolean isUsable(Option<SparkSession> ofThread, Option<SparkSession> ofProcess) {
    Option<SparkSession> session = ofThread.isDefined() ? ofThread : ofProcess;
    return session.isDefined() && !session.get().sparkContext().isStopped();
  }
}
