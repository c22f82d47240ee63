package dev.dormouse.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.table.Json;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to one tracking server, from any number of threads. Each request has a limit for
 * its whole reply, in time and in size. A request that may be repeated is repeated when its
 * connection breaks or the server is overloaded or broken (429, 5xx); not after a time-out, and not
 * when the server refuses connections, since then it is down.
 */
final class MlflowTransport {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  /** A page of 1,000 runs with 100 tags each has about 10 MB. */
  private static final long MAX_REPLY_BYTES = 64L << 20;

  private static final int MAX_RETRIES = 2;
  private static final String ERROR_CODE = "error_code";

  private final URI server;
  private final Duration replyLimit;
  private final long maxReplyBytes;
  private final HttpClient http;
  private final RetryPolicy<HttpResponse<byte[]>> retries;

  MlflowTransport(URI server, Duration replyLimit) {
    this(server, replyLimit, MAX_REPLY_BYTES);
  }

  MlflowTransport(URI server, Duration replyLimit, long maxReplyBytes) {
    this.server = URI.create(server.toString().replaceAll("/+$", ""));
    this.replyLimit = replyLimit;
    this.maxReplyBytes = maxReplyBytes;
    // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    this.retries =
        RetryPolicy.<HttpResponse<byte[]>>builder()
            .handleIf(MlflowTransport::isBrokenConnection)
            .handleResultIf(reply -> isBusy(reply.statusCode()))
            .withMaxRetries(MAX_RETRIES)
            .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
            .build();
  }

  /** The server also closes connections that were idle, maybe just as one is used again. */
  private static boolean isBrokenConnection(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof HttpTimeoutException)
        && !(failure instanceof ConnectException)
        && !(failure instanceof BoundedBody.TooLargeException);
  }

  private static boolean isBusy(int status) {
    return status >= 500 || status == 429;
  }

  /** Returns a request for a path below the server's URL, with JSON as its content. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .header("Content-Type", "application/json");
  }

  static HttpRequest.BodyPublisher body(Object content) {
    return HttpRequest.BodyPublishers.ofString(Json.write(content));
  }

  /** Sends a request that may be carried out any number of times, and ignores what is replied. */
  void send(HttpRequest.Builder request) {
    checked(repeatable(request.build()));
  }

  /** Sends a request that may be carried out any number of times. */
  <T> T send(HttpRequest.Builder request, Class<T> reply) {
    return parsed(checked(repeatable(request.build())), reply);
  }

  /**
   * Sends a request once. On {@link MlflowException.Unreachable} the caller must check whether the
   * request took effect.
   */
  <T> T sendOnce(HttpRequest.Builder request, Class<T> reply) {
    HttpRequest built = request.build();
    try {
      return parsed(checked(exchange(built)), reply);
    } catch (IOException e) {
      throw unreachable(built, e);
    }
  }

  private HttpResponse<byte[]> repeatable(HttpRequest request) {
    try {
      return Failsafe.with(retries).get(() -> exchange(request));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw unreachable(request, e.getCause());
    }
  }

  /** Limits the whole reply; the client's own limit ends with the headers. */
  private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> reply =
        http.sendAsync(request, headers -> new BoundedBody(maxReplyBytes));
    try {
      return reply.get(replyLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      reply.cancel(true);
      throw new HttpTimeoutException("no complete reply within " + replyLimit.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      reply.cancel(true);
      Thread.currentThread().interrupt();
      throw unreachable(request, e);
    }
  }

  private MlflowException unreachable(HttpRequest request, Throwable cause) {
    String problem =
        (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException))
                || cause instanceof BoundedBody.TooLargeException
            ? cause.getMessage()
            : cause.getClass().getSimpleName();
    return new MlflowException.Unreachable(
        "MLflow at "
            + server
            + " cannot be reached for "
            + request.uri().getPath()
            + " ("
            + problem
            + "); start it, or correct the URL",
        cause);
  }

  /**
   * Returns the reply of a request that succeeded.
   *
   * @throws MlflowException if it did not
   */
  private HttpResponse<byte[]> checked(HttpResponse<byte[]> reply) {
    int status = reply.statusCode();
    String path = reply.uri().getPath();
    if (status >= 200 && status < 300) {
      return reply;
    }
    if (isBusy(status)) {
      throw new MlflowException.Unreachable(
          "MLflow at "
              + server
              + " replies to "
              + path
              + " with error "
              + status
              + "; try again later",
          null);
    }
    if (status == 401 || status == 403) {
      throw new MlflowException.Refused(
          status,
          "MLflow at "
              + server
              + " refuses access to "
              + path
              + " ("
              + status
              + "); servers that ask for a password cannot be used yet");
    }
    JsonNode error = object(reply);
    if (!error.hasNonNull(ERROR_CODE)) {
      throw unexpected("an error", reply, null);
    }
    throw new MlflowException.Refused(
        status,
        "MLflow at "
            + server
            + " refuses "
            + path
            + ": "
            + error.path("message").asText().lines().findFirst().orElse("")
            + " ("
            + error.path(ERROR_CODE).asText()
            + ", status "
            + status
            + "); see the server's log");
  }

  private <T> T parsed(HttpResponse<byte[]> reply, Class<T> type) {
    try {
      return Json.mapper().treeToValue(object(reply), type);
    } catch (JsonProcessingException e) {
      throw unexpected("JSON of another form", reply, e);
    }
  }

  private JsonNode object(HttpResponse<byte[]> reply) {
    JsonNode content;
    try {
      content = Json.mapper().readTree(new String(reply.body(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw unexpected("no JSON", reply, e);
    }
    if (!content.isObject()) {
      throw unexpected("no JSON object", reply, null);
    }
    return content;
  }

  private MlflowException unexpected(String got, HttpResponse<byte[]> reply, Exception cause) {
    return new MlflowException.UnexpectedReply(
        server
            + " does not reply as an MLflow server does: "
            + reply.uri().getPath()
            + " gives "
            + got
            + " (status "
            + reply.statusCode()
            + "); name the address that MLflow's pages are shown at",
        cause);
  }
}
