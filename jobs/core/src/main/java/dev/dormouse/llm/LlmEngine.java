package dev.dormouse.llm;

import dev.dormouse.config.BadInputException;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.Problem;
import dev.dormouse.llm.ModelCalls.Outcome;
import dev.dormouse.table.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a model on behalf of all threads of this process, and checks and repairs its replies. Calls
 * run on the engine's own threads: if a waiting Spark task is killed, its calls end and are
 * journalled, and the next attempt of the task finds their answers.
 */
final class LlmEngine {
  private static final Map<List<String>, LlmEngine> ENGINES = new ConcurrentHashMap<>();
  private static final long FORCE_MILLIS = 100;

  private final LlmSettings settings;
  private final Clock clock;
  private final LlmJournal journal;
  private final ModelCalls calls;
  private final ExecutorService callers;
  private final Map<String, CompletableFuture<Reply>> inFlight = new ConcurrentHashMap<>();

  /**
   * A reply with what {@code llm_calls} records besides.
   *
   * @param text the model's last text, as it wrote it; empty if there is none
   * @param latency total latency of the calls that the reply needed
   */
  record Reply(LlmReply reply, String text, Duration latency) {}

  private LlmEngine(LlmSettings settings, Path journalFile, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    LlmLedger ledger = new LlmLedger(settings);
    this.journal = LlmJournal.open(journalFile, ledger::apply);
    this.calls =
        new ModelCalls(ledger, journal, new ModelClient(settings, apiKey(settings), clock), clock);
    this.callers = Executors.newFixedThreadPool(settings.parallelCalls(), LlmEngine::daemon);
    ScheduledFuture<?> unused =
        Executors.newSingleThreadScheduledExecutor(LlmEngine::daemon)
            .scheduleWithFixedDelay(
                journal::force, FORCE_MILLIS, FORCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Returns this process's engine for these settings and this journal.
   *
   * @throws BadInputException if the provider's key is not in the environment
   */
  static LlmEngine of(LlmSettings settings, Path journalFile, Clock clock) {
    return ENGINES.computeIfAbsent(
        List.of(journalFile.toString(), Json.write(settings)),
        key -> new LlmEngine(settings, journalFile, clock));
  }

  /**
   * Returns the provider's key from the environment; empty if it needs none.
   *
   * @throws BadInputException if the variable is not set
   */
  static String apiKey(LlmSettings settings) {
    String variable = settings.apiKeyVariable();
    String key = variable.isEmpty() ? "" : System.getenv(variable);
    if (key == null || (key.isBlank() && !variable.isEmpty())) {
      throw new BadInputException(
          List.of(
              new Problem(
                  "environment",
                  0,
                  variable,
                  "is not set; it must hold the key of " + settings.provider().id())));
    }
    return key;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "llm");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the largest number of concurrent calls. */
  int parallelCalls() {
    return settings.parallelCalls();
  }

  /** Asks, unless the answer is known. Equal questions asked at the same time share one call. */
  CompletableFuture<Reply> ask(LlmRequest request) {
    String hash = request.requestHash();
    CompletableFuture<Reply> ours = new CompletableFuture<>();
    CompletableFuture<Reply> theirs = inFlight.putIfAbsent(hash, ours);
    if (theirs != null) {
      return theirs;
    }
    callers.execute(
        () -> {
          try {
            Reply reply = reply(request, hash);
            // Removed first: later requests find the known answer.
            inFlight.remove(hash);
            ours.complete(reply);
          } catch (RuntimeException e) {
            inFlight.remove(hash);
            ours.completeExceptionally(e);
          }
        });
    return ours;
  }

  /**
   * Waits for a reply.
   *
   * @throws IllegalStateException if interrupted, or if the journal cannot be written
   */
  static Reply await(CompletableFuture<Reply> reply) {
    try {
      return reply.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for replies; the calls go on", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The journal of model calls cannot be kept", e.getCause());
    }
  }

  /** Journals the end of a batch. */
  void endBatch(LlmRequest first, Collection<LlmReply> replies) {
    Map<LlmStatus, Long> statuses = new EnumMap<>(LlmStatus.class);
    replies.forEach(reply -> statuses.merge(reply.status(), 1L, Long::sum));
    calls.record(
        new LlmEvent.Batch(
            first.campaignId(),
            first.purpose(),
            settings.model(),
            statuses,
            replies.stream().filter(LlmReply::cached).count(),
            clock.instant()));
  }

  private Reply reply(LlmRequest request, String hash) {
    Optional<String> badSchema = ReplyReader.problemOfSchema(request.schemaJson());
    if (badSchema.isPresent()) {
      return failed(hash, LlmStatus.REFUSED, badSchema.get());
    }
    Outcome first = calls.ask(request);
    if (first.answer().isEmpty()) {
      return failed(hash, first.status(), first.detail());
    }
    LlmEvent.Answered answer = first.answer().get();
    ReplyReader.Reading reading =
        ReplyReader.read(answer.text(), answer.cutOff(), request.schemaJson());
    if (reading.json().isPresent()) {
      return done(hash, LlmStatus.OK, reading, List.of(first), answer);
    }
    Outcome second = calls.ask(ReplyReader.repair(request, answer.text(), reading.problem()));
    if (second.answer().isEmpty()) {
      String detail = reading.problem() + " It was not repaired: " + second.detail();
      return done(
          hash,
          second.status(),
          new ReplyReader.Reading(Optional.empty(), detail),
          List.of(first),
          answer);
    }
    LlmEvent.Answered repaired = second.answer().get();
    ReplyReader.Reading again =
        ReplyReader.read(repaired.text(), repaired.cutOff(), request.schemaJson());
    return done(
        hash,
        again.json().isPresent() ? LlmStatus.REPAIRED : LlmStatus.INVALID,
        again,
        List.of(first, second),
        repaired);
  }

  private static Reply failed(String hash, LlmStatus status, String detail) {
    return new Reply(
        new LlmReply(hash, status, Optional.empty(), 0, 0, 0, detail, false), "", Duration.ZERO);
  }

  private static Reply done(
      String hash,
      LlmStatus status,
      ReplyReader.Reading reading,
      List<Outcome> outcomes,
      LlmEvent.Answered last) {
    List<LlmEvent.Answered> answers =
        outcomes.stream().map(outcome -> outcome.answer().orElseThrow()).toList();
    return new Reply(
        new LlmReply(
            hash,
            status,
            reading.json(),
            answers.stream().mapToLong(LlmEvent.Answered::inputTokens).sum(),
            answers.stream().mapToLong(LlmEvent.Answered::outputTokens).sum(),
            answers.stream().mapToLong(LlmEvent.Answered::microUsd).sum(),
            reading.problem(),
            status.isFinal() && outcomes.stream().allMatch(Outcome::cached)),
        last.text(),
        answers.stream().map(LlmEvent.Answered::latency).reduce(Duration.ZERO, Duration::plus));
  }
}
