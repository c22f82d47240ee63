package dev.dormouse.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Stands between a client and a real server, and spoils what it is told to. */
public final class FaultProxy implements AutoCloseable {
  /** What becomes of one request. */
  public enum Fate {
    PASSES,
    /** The server carries it out, but its answer is lost. */
    LOSES_ITS_REPLY,
    /** The server's answer is an error of its own, and it does nothing. */
    FAILS,
    /** The token is refused. */
    IS_REFUSED,
    /** The account lacks the right. */
    IS_FORBIDDEN,
    /** It carries a logical date. */
    IS_DATED
  }

  /** Decides what becomes of a request. */
  public interface Fates {
    Fate of(String method, String path);
  }

  private final HttpServer proxy;
  private final URI server;
  private final Fates fates;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public FaultProxy(URI server, Fates fates) throws IOException {
    this.server = server;
    this.fates = fates;
    this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::handle);
    proxy.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Fate fate = fates.of(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      switch (fate) {
        case FAILS -> answer(exchange, 500, "{\"detail\": \"spoilt\"}");
        case IS_REFUSED -> answer(exchange, 401, "{\"detail\": \"expired\"}");
        case IS_FORBIDDEN -> answer(exchange, 403, "{\"detail\": \"forbidden\"}");
        case LOSES_ITS_REPLY -> passOn(exchange, false);
        default -> {
          HttpResponse<String> response = passOn(exchange, fate == Fate.IS_DATED);
          answer(exchange, response.statusCode(), response.body());
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private HttpResponse<String> passOn(HttpExchange exchange, boolean dated) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String sent =
        dated
            ? body.replace("\"logical_date\":null", "\"logical_date\":\"2026-01-02T03:04:05Z\"")
            : body;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(sent))
            .header("Content-Type", "application/json");
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    proxy.stop(0);
  }
}
