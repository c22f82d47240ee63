package dev.dormouse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/**
 * A server on loopback that speaks OpenAI's protocol (and Anthropic's and Ollama's as far as we
 * need them), answers by a script, keeps a rate limit, and fails on purpose. It counts what it
 * would bill.
 */
public final class FakeModelServer implements AutoCloseable {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 503;
  private static final int BYTES_PER_TOKEN = 4;

  private final Faults faults;
  private final UnaryOperator<String> script;
  private final HttpServer server;
  private final ExecutorService readers = Executors.newFixedThreadPool(4);
  private final ExecutorService writers = Executors.newFixedThreadPool(4);
  private final SplittableRandom random;
  private final Map<String, AtomicLong> billed = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> nanos = new ConcurrentHashMap<>();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private volatile String lastBody = "";
  private double permits;
  private long permitsAt = System.nanoTime();

  /**
   * How the server behaves.
   *
   * @param perSecond requests that it permits a second; above that it answers 429
   * @param latency how long it thinks
   * @param garbage share of replies that are no JSON
   * @param errors share of requests that it answers with an error of its own
   * @param silence share of requests whose connection it drops after thinking, unanswered
   * @param seed of its dice
   */
  public record Faults(
      double perSecond,
      Duration latency,
      double garbage,
      double errors,
      double silence,
      long seed) {
    /** No faults, and a rate that nobody reaches. */
    public static Faults none() {
      return new Faults(1e9, Duration.ZERO, 0, 0, 0, 1);
    }
  }

  private enum Fate {
    ANSWER,
    GARBAGE,
    ERROR,
    SILENCE,
    TOO_EARLY
  }

  /**
   * Starts on a free port.
   *
   * @param script makes a reply of a prompt
   */
  public FakeModelServer(Faults faults, UnaryOperator<String> script) throws IOException {
    // Otherwise each reply waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.faults = faults;
    this.script = script;
    this.random = new SplittableRandom(faults.seed());
    this.permits = Math.max(1, faults.perSecond());
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.createContext("/", this::handle);
    server.setExecutor(readers);
    server.start();
  }

  /** Its address, without a path. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Replies that it would bill. */
  public long billed() {
    return billed.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** How many different prompts it answered. */
  public long prompts() {
    return billed.size();
  }

  /** How many requests it got. */
  public long requests() {
    return requests.sum();
  }

  /** How many requests came too early. */
  public long refusals() {
    return refusals.sum();
  }

  /** The newest request. */
  public String lastBody() {
    return lastBody;
  }

  /** How long it worked on a prompt, its thinking included. */
  public long nanos(String prompt) {
    AtomicLong spent = nanos.get(prompt);
    return spent == null ? 0 : spent.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long begin = System.nanoTime();
    requests.increment();
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    lastBody = text;
    JsonNode body = Json.mapper().readTree(text);
    JsonNode messages = body.path("messages");
    JsonNode content = messages.path(messages.size() - 1).path("content");
    String prompt = content.isTextual() ? content.asText() : content.path(0).path("text").asText();
    Fate fate = fate();
    long thinking = fate == Fate.TOO_EARLY ? 0 : faults.latency().toNanos();
    CompletableFuture.delayedExecutor(thinking, TimeUnit.NANOSECONDS, writers)
        .execute(() -> respond(exchange, prompt, fate, begin));
  }

  private synchronized Fate fate() {
    long now = System.nanoTime();
    permits =
        Math.min(
            Math.max(1, faults.perSecond()),
            permits + (now - permitsAt) / 1e9 * faults.perSecond());
    permitsAt = now;
    if (permits < 1) {
      refusals.increment();
      return Fate.TOO_EARLY;
    }
    permits--;
    double dice = random.nextDouble();
    if (dice < faults.garbage()) {
      return Fate.GARBAGE;
    }
    if (dice < faults.garbage() + faults.errors()) {
      return Fate.ERROR;
    }
    return dice < faults.garbage() + faults.errors() + faults.silence()
        ? Fate.SILENCE
        : Fate.ANSWER;
  }

  private void respond(HttpExchange exchange, String prompt, Fate fate, long begin) {
    try {
      switch (fate) {
        case TOO_EARLY -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          send(exchange, TOO_MANY_REQUESTS, "{\"error\":{\"message\":\"slow down\"}}");
        }
        case ERROR -> send(exchange, SERVER_ERROR, "{\"error\":{\"message\":\"overloaded\"}}");
        case SILENCE -> {
          count(billed, prompt, 1);
          exchange.close();
        }
        default -> {
          String reply = fate == Fate.GARBAGE ? "I would rather not {" : script.apply(prompt);
          count(billed, prompt, 1);
          send(exchange, 200, reply(exchange.getRequestURI().getPath(), prompt, reply));
        }
      }
    } catch (IOException e) {
      // Whoever asked is gone.
      exchange.close();
    }
    count(nanos, prompt, System.nanoTime() - begin);
  }

  private static void count(Map<String, AtomicLong> counts, String prompt, long more) {
    counts.computeIfAbsent(prompt, key -> new AtomicLong()).addAndGet(more);
  }

  private static String reply(String path, String prompt, String text) {
    int input = prompt.length() / BYTES_PER_TOKEN + 1;
    int output = text.length() / BYTES_PER_TOKEN + 1;
    if (path.endsWith("/messages")) {
      return Json.write(
          Map.of(
              "id",
              "m",
              "type",
              "message",
              "role",
              "assistant",
              "model",
              "fake",
              "content",
              List.of(Map.of("type", "text", "text", text)),
              "stop_reason",
              "end_turn",
              "usage",
              Map.of("input_tokens", input, "output_tokens", output)));
    }
    if (path.endsWith("/api/chat")) {
      return Json.write(
          Map.of(
              "model",
              "fake",
              "done",
              true,
              "done_reason",
              "stop",
              "message",
              Map.of("role", "assistant", "content", text),
              "prompt_eval_count",
              input,
              "eval_count",
              output));
    }
    return Json.write(
        Map.of(
            "id",
            "c",
            "object",
            "chat.completion",
            "model",
            "fake",
            "choices",
            List.of(
                Map.of(
                    "index",
                    0,
                    "finish_reason",
                    "stop",
                    "message",
                    Map.of("role", "assistant", "content", text))),
            "usage",
            Map.of(
                "prompt_tokens", input,
                "completion_tokens", output,
                "total_tokens", input + output)));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    readers.shutdownNow();
    writers.shutdownNow();
  }
}
