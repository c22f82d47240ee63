package dev.dormouse.llm;

import dev.dormouse.config.BadInputException;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.Problem;
import dev.dormouse.table.Json;
import dev.failsafe.CircuitBreaker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks a model, for all threads of this process. Calls run on threads of the engine's own: a Spark
 * task that is killed while it waits leaves its calls to end and be written down, so that its
 * successor finds their answers.
 */
final class LlmEngine {
  private static final Map<List<String>, LlmEngine> ENGINES = new ConcurrentHashMap<>();
  private static final Duration FORCE_EVERY = Duration.ofMillis(100);
  private static final String OWNER = owner();

  private final LlmSettings settings;
  private final Clock clock;
  private final LlmLedger ledger;
  private final LlmJournal journal;
  private final ModelClient provider;
  private final ExecutorService callers;
  private final Map<String, CompletableFuture<Reply>> underWay = new ConcurrentHashMap<>();
  private final String callPrefix = UUID.randomUUID().toString().substring(0, 8) + '-';
  private final AtomicLong calls = new AtomicLong();
  private final ReentrantLock turn = new ReentrantLock(true);

  /** When half of the calls fail for reasons that do not lie in the questions, a while without. */
  private final CircuitBreaker<Object> breaker =
      CircuitBreaker.builder()
          .withFailureRateThreshold(50, 10, Duration.ofSeconds(10))
          .withDelay(Duration.ofSeconds(15))
          .build();

  /**
   * A reply with what the books want to know besides.
   *
   * @param text as the model wrote it at last; empty if it never did
   * @param latency of the calls that were made for it now
   */
  record Reply(LlmReply reply, String text, Duration latency) {}

  /** What came of one call, or of not making it. */
  private record Round(
      Optional<LlmEvent.Answered> answer, LlmStatus status, String detail, boolean cached) {}

  private LlmEngine(LlmSettings settings, Path journalFile, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.ledger = new LlmLedger(settings);
    this.journal = LlmJournal.open(journalFile, ledger::apply);
    this.provider = new ModelClient(settings, apiKey(settings), clock);
    this.callers = Executors.newFixedThreadPool(settings.parallelCalls(), LlmEngine::daemon);
    daemon(this::forceForever).start();
  }

  /**
   * The one engine of this process with these settings and this journal.
   *
   * @throws BadInputException if the key of the provider is not in the environment
   */
  static LlmEngine of(LlmSettings settings, Path journalFile, Clock clock) {
    return ENGINES.computeIfAbsent(
        List.of(journalFile.toString(), Json.write(settings)),
        key -> new LlmEngine(settings, journalFile, clock));
  }

  /** The key, from the environment. */
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

  private void forceForever() {
    while (true) {
      sleep(FORCE_EVERY);
      journal.force();
    }
  }

  /** The most calls at one time. */
  int parallelCalls() {
    return settings.parallelCalls();
  }

  /** Asks, unless the answer is known; the same question asked at the same time is one call. */
  CompletableFuture<Reply> ask(LlmRequest request) {
    String hash = request.requestHash();
    CompletableFuture<Reply> ours = new CompletableFuture<>();
    CompletableFuture<Reply> theirs = underWay.putIfAbsent(hash, ours);
    if (theirs != null) {
      return theirs;
    }
    callers.execute(
        () -> {
          try {
            Reply reply = reply(request, hash);
            // First this: who asks from now on is told that the answer was known.
            underWay.remove(hash);
            ours.complete(reply);
          } catch (RuntimeException e) {
            underWay.remove(hash);
            ours.completeExceptionally(e);
          }
        });
    return ours;
  }

  /** The reply, when it is there. */
  static Reply await(CompletableFuture<Reply> reply) {
    try {
      return reply.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Stopped while waiting; the calls go on", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The journal of model calls cannot be kept", e.getCause());
    }
  }

  /** Notes in the books that a batch has ended. */
  void endBatch(LlmRequest first, Collection<LlmReply> replies) {
    Map<LlmStatus, Long> statuses = new EnumMap<>(LlmStatus.class);
    replies.forEach(reply -> statuses.merge(reply.status(), 1L, Long::sum));
    record(
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
    Round first = round(request);
    if (first.answer().isEmpty()) {
      return failed(hash, first.status(), first.detail());
    }
    LlmEvent.Answered answer = first.answer().get();
    ReplyReader.Reading reading =
        ReplyReader.read(answer.text(), answer.cutOff(), request.schemaJson());
    if (reading.json().isPresent()) {
      return done(hash, LlmStatus.OK, reading, List.of(first), answer);
    }
    Round second = round(ReplyReader.repair(request, answer.text(), reading.problem()));
    if (second.answer().isEmpty()) {
      String detail = reading.problem() + " It was not repaired: " + second.detail();
      return done(
          hash,
          second.status(),
          new ReplyReader.Reading(Optional.empty(), detail),
          List.of(first),
          answer);
    }
    LlmEvent.Answered mended = second.answer().get();
    ReplyReader.Reading again =
        ReplyReader.read(mended.text(), mended.cutOff(), request.schemaJson());
    return done(
        hash,
        again.json().isPresent() ? LlmStatus.REPAIRED : LlmStatus.INVALID,
        again,
        List.of(first, second),
        mended);
  }

  private static Reply failed(String hash, LlmStatus status, String detail) {
    return new Reply(
        new LlmReply(hash, status, Optional.empty(), 0, 0, 0, detail, false), "", Duration.ZERO);
  }

  private static Reply done(
      String hash,
      LlmStatus status,
      ReplyReader.Reading reading,
      List<Round> rounds,
      LlmEvent.Answered last) {
    List<LlmEvent.Answered> answers =
        rounds.stream().map(round -> round.answer().orElseThrow()).toList();
    return new Reply(
        new LlmReply(
            hash,
            status,
            reading.json(),
            answers.stream().mapToLong(LlmEvent.Answered::inputTokens).sum(),
            answers.stream().mapToLong(LlmEvent.Answered::outputTokens).sum(),
            answers.stream().mapToLong(LlmEvent.Answered::microUsd).sum(),
            reading.problem(),
            status.isFinal() && rounds.stream().allMatch(Round::cached)),
        last.text(),
        answers.stream().map(LlmEvent.Answered::latency).reduce(Duration.ZERO, Duration::plus));
  }

  /** One question without regard to what its answer says, with as many attempts as are right. */
  private Round round(LlmRequest request) {
    for (int attempt = 1; true; attempt++) {
      Admission admission = admitted(request);
      if (admission instanceof Admission.Known known) {
        return new Round(Optional.of(known.answer()), LlmStatus.OK, "", true);
      }
      if (admission instanceof Admission.Refused refused) {
        return new Round(Optional.empty(), refused.status(), refused.reason(), false);
      }
      LlmEvent outcome = send(((Admission.Go) admission).reservation(), request);
      record(outcome);
      if (outcome instanceof LlmEvent.Answered answer) {
        return new Round(Optional.of(answer), LlmStatus.OK, "", false);
      }
      LlmEvent.Failed failed = (LlmEvent.Failed) outcome;
      Optional<Duration> pause =
          breaker.isOpen() ? Optional.empty() : Retries.next(failed.status(), attempt);
      if (pause.isEmpty()) {
        return new Round(Optional.empty(), failed.status(), failed.detail(), false);
      }
      if (failed.status() != LlmStatus.RATE_LIMITED) {
        sleep(pause.get());
      }
    }
  }

  /** Waits for its turn, and reserves it. */
  private Admission admitted(LlmRequest request) {
    Admission admission = journal.locked(() -> admitNow(request));
    while (admission instanceof Admission.Wait wait) {
      if (wait.everybody()) {
        // One after the other: all would wake up for a turn that only one can have.
        turn.lock();
      }
      try {
        sleep(wait.time());
        admission = journal.locked(() -> admitNow(request));
      } finally {
        if (wait.everybody()) {
          turn.unlock();
        }
      }
    }
    return admission;
  }

  private Admission admitNow(LlmRequest request) {
    Admission admission =
        ledger.admit(
            request,
            callPrefix + calls.incrementAndGet(),
            OWNER,
            clock.instant(),
            LlmEngine::isAlive);
    if (admission instanceof Admission.Go go) {
      journal.append(go.reservation());
    }
    return admission;
  }

  private LlmEvent send(LlmEvent.Reserved call, LlmRequest request) {
    if (!breaker.tryAcquirePermit()) {
      return new LlmEvent.Failed(
          call.callId(),
          LlmStatus.UNAVAILABLE,
          false,
          Optional.empty(),
          "too many calls have failed; none is sent for some seconds",
          clock.instant());
    }
    LlmEvent outcome = provider.send(call, request);
    if (outcome instanceof LlmEvent.Failed failed && Retries.isOutage(failed.status())) {
      breaker.recordFailure();
    } else {
      breaker.recordSuccess();
    }
    return outcome;
  }

  private void record(LlmEvent outcome) {
    journal.locked(
        () -> {
          journal.append(outcome);
          return outcome;
        });
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting to ask a model", e);
    }
  }

  /** Names this process so that others can tell whether it still runs. */
  private static String owner() {
    ProcessHandle self = ProcessHandle.current();
    return host() + '/' + self.pid() + '/' + startOf(self);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
  }

  /** Whether a process may still run; of another machine's we cannot tell. */
  private static boolean isAlive(String owner) {
    if (owner.equals(OWNER)) {
      return true;
    }
    String[] parts = owner.split("/", -1);
    if (parts.length != 3 || !OWNER.startsWith(parts[0] + '/')) {
      return true;
    }
    return ProcessHandle.of(Long.parseLong(parts[1]))
        .filter(process -> startOf(process) == Long.parseLong(parts[2]))
        .map(ProcessHandle::isAlive)
        .orElse(false);
  }
}
