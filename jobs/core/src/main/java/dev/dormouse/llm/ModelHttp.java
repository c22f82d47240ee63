package dev.dormouse.llm;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * LangChain4j's HTTP client, on that of the JDK. Always speaks HTTP/1.1, because many Python
 * servers drop request bodies when offered an upgrade; keeps the {@code Retry-After} header of
 * refusals.
 */
final class ModelHttp implements HttpClient, HttpClientBuilder {
  /** Headers that the JDK's client sets itself. */
  private static final Set<String> RESTRICTED = Set.of("content-length", "host", "connection");

  private static final int REFUSAL_SHOWN = 300;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final java.net.http.HttpClient client =
      java.net.http.HttpClient.newBuilder()
          .version(java.net.http.HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Duration timeout;

  ModelHttp(Duration timeout) {
    this.timeout = timeout;
  }

  /** Thrown for a response whose status is not 2xx. */
  static final class Refusal extends HttpException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<String> retryAfter;

    Refusal(int status, String body, Optional<String> retryAfter) {
      super(status, body.length() <= REFUSAL_SHOWN ? body : body.substring(0, REFUSAL_SHOWN));
      this.retryAfter = retryAfter;
    }

    /** Returns the {@code Retry-After} header. */
    Optional<String> retryAfter() {
      return retryAfter;
    }
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    java.net.http.HttpRequest.Builder call =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .timeout(timeout)
            .method(
                request.method().name(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.body()));
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!RESTRICTED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> call.header(name, value));
              }
            });
    HttpResponse<String> response = sent(call.build());
    if (response.statusCode() / 100 != 2) {
      throw new Refusal(
          response.statusCode(), response.body(), response.headers().firstValue("retry-after"));
    }
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(response.body())
        .build();
  }

  private HttpResponse<String> sent(java.net.http.HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + request.uri(), e);
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    // LangChain4j's interface asks for this method; Dormouse waits for whole replies only.
    throw new UnsupportedOperationException("Streamed replies are not supported");
  }

  @Override
  public HttpClient build() {
    return this;
  }

  @Override
  public Duration connectTimeout() {
    return CONNECT_TIMEOUT;
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration ignored) {
    return this;
  }

  @Override
  public Duration readTimeout() {
    return timeout;
  }

  @Override
  public HttpClientBuilder readTimeout(Duration ignored) {
    return this;
  }
}
