package dev.dormouse.config;

import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a deployment's properties file strictly, and reports all its problems at once. */
final class DeploymentFile {
  private static final String USER = "airflow.user";
  static final String PASSWORD_FILE = "airflow.password.file";
  static final String TOKEN_FILE = "airflow.token.file";
  private static final String TOKEN_COMMAND = "airflow.token.command";
  private static final String LLM_MODEL = "llm.model";

  /** Followed by the name of a model; the value is dollars per million input and output tokens. */
  private static final String LLM_PRICE = "llm.price.";

  private static final List<String> KEYS =
      List.of(
          "lake",
          "work.dir",
          "mlflow.uri",
          "airflow.url",
          USER,
          PASSWORD_FILE,
          TOKEN_FILE,
          TOKEN_COMMAND,
          "approval.channels",
          LLM_MODEL,
          "llm.provider",
          "llm.url",
          "llm.api.key.variable",
          "llm.cap.call.usd",
          "llm.cap.call.tokens",
          "llm.cap.campaign.usd",
          "llm.cap.campaign.tokens",
          "llm.cap.day.usd",
          "llm.cap.day.tokens",
          "llm.requests.per.minute",
          "llm.tokens.per.minute",
          "llm.parallel.calls",
          "llm.timeout.seconds");

  private static final String DOLLARS = "\\d{1,6}(?:\\.\\d{1,6})?";
  private static final Pattern PRICES =
      Pattern.compile("(" + DOLLARS + ")\\s*,\\s*(" + DOLLARS + ")");
  private static final long MOST_TOKENS = 1_000_000_000_000L;

  private final Path file;
  private final Path directory;
  private final Properties properties;
  private final List<Problem> problems = new ArrayList<>();

  private DeploymentFile(Path file, Properties properties) {
    this.file = file;
    this.directory = file.toAbsolutePath().getParent();
    this.properties = properties;
  }

  /**
   * Reads a file; relative paths start from its directory.
   *
   * @throws BadInputException if it cannot be read, has unknown keys or bad values
   */
  static Deployment read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          List.of(
              new Problem(
                  file.toString(),
                  0,
                  "",
                  "cannot be read as a properties file: " + e.getMessage())));
    }
    return new DeploymentFile(file, properties).deployment();
  }

  private Deployment deployment() {
    for (String key : properties.stringPropertyNames()) {
      if (!KEYS.contains(key) && !key.startsWith(LLM_PRICE)) {
        problem(
            key,
            "is unknown; known keys are " + String.join(", ", KEYS) + ", " + LLM_PRICE + "MODEL");
      }
    }
    Deployment defaults = Deployment.defaults();
    Deployment deployment =
        new Deployment(
            path("lake").orElseGet(() -> resolved(defaults.lake().toString())),
            path("work.dir").orElseGet(() -> resolved(defaults.workDir().toString())),
            url("mlflow.uri", "http://127.0.0.1:5000"),
            url("airflow.url", "http://127.0.0.1:8080").flatMap(this::airflow),
            channels(),
            llm());
    if (!problems.isEmpty()) {
      throw new BadInputException(problems);
    }
    return deployment;
  }

  private Optional<Deployment.Airflow> airflow(URI url) {
    Deployment.Airflow airflow =
        new Deployment.Airflow(
            url, text(USER), path(PASSWORD_FILE), path(TOKEN_FILE), text(TOKEN_COMMAND));
    boolean account = airflow.user().isPresent() && airflow.passwordFile().isPresent();
    if (!account && airflow.tokenFile().isEmpty() && airflow.tokenCommand().isEmpty()) {
      problem(
          "airflow.url",
          "needs "
              + USER
              + " and "
              + PASSWORD_FILE
              + ", or "
              + TOKEN_FILE
              + ", or "
              + TOKEN_COMMAND);
    }
    return Optional.of(airflow);
  }

  private Set<String> channels() {
    Optional<String> written = text("approval.channels");
    if (written.isEmpty()) {
      return Deployment.DEFAULT_CHANNELS;
    }
    Set<String> channels = new LinkedHashSet<>(List.of(written.get().split("[,\\s]+")));
    for (String channel : channels) {
      String needed = channel.equals("cli") ? "" : channel.equals("mlflow") ? ".uri" : ".url";
      if (!Deployment.CHANNELS.contains(channel)) {
        problem(
            "approval.channels",
            "names '" + channel + "'; it may name " + String.join(", ", Deployment.CHANNELS));
      } else if (!needed.isEmpty() && text(channel + needed).isEmpty()) {
        problem("approval.channels", "names " + channel + ", which needs " + channel + needed);
      }
    }
    return channels;
  }

  private Optional<LlmSettings> llm() {
    String provider = text("llm.provider").orElse("openai");
    if (!LlmSettings.Provider.ids().contains(provider)) {
      problem(
          "llm.provider",
          "is '"
              + provider
              + "'; it must be one of "
              + String.join(", ", LlmSettings.Provider.ids()));
      return Optional.empty();
    }
    LlmSettings.Provider how = LlmSettings.Provider.valueOf(provider.toUpperCase(Locale.ROOT));
    Optional<URI> url = url("llm.url", "http://127.0.0.1:8000/v1");
    return text(LLM_MODEL)
        .map(
            model ->
                LlmSettingsBuilder.builder()
                    .provider(how)
                    .url(url.map(URI::toString).orElse(""))
                    .model(model)
                    .apiKeyVariable(text("llm.api.key.variable").orElse(""))
                    .price(price(model, how))
                    .callCap(cap("call", "0.10", "64000"))
                    .campaignCap(cap("campaign", "1", "5000000"))
                    .dayCap(cap("day", "5", "20000000"))
                    .requestsPerMinute(
                        (int) whole("llm.requests.per.minute", "60", Integer.MAX_VALUE))
                    .tokensPerMinute(
                        (int) whole("llm.tokens.per.minute", "100000", Integer.MAX_VALUE))
                    .parallelCalls((int) whole("llm.parallel.calls", "8", 512))
                    .timeout(Duration.ofSeconds(whole("llm.timeout.seconds", "60", 3_600)))
                    .build());
  }

  /** Reads the price, without which no cap in dollars can hold; Ollama costs nothing. */
  private LlmSettings.Price price(String model, LlmSettings.Provider provider) {
    String key = LLM_PRICE + model;
    Optional<String> written = text(key);
    if (written.isEmpty() && provider == LlmSettings.Provider.OLLAMA) {
      return new LlmSettings.Price(0, 0);
    }
    Matcher prices = PRICES.matcher(written.orElse(""));
    if (!prices.matches()) {
      problem(
          key,
          "must give the dollars that a million tokens of input, and of output, cost, such as"
              + " '0.15, 0.60' (or '0, 0')");
      return new LlmSettings.Price(0, 0);
    }
    return new LlmSettings.Price(micros(prices.group(1)), micros(prices.group(2)));
  }

  private LlmSettings.Cap cap(String of, String usd, String tokens) {
    String key = "llm.cap." + of + ".usd";
    String dollars = text(key).orElse(usd);
    if (!dollars.matches(DOLLARS)) {
      problem(key, "is '" + dollars + "'; it must be dollars, such as " + usd);
      dollars = usd;
    }
    return new LlmSettings.Cap(
        micros(dollars), whole("llm.cap." + of + ".tokens", tokens, MOST_TOKENS));
  }

  private long whole(String key, String fallback, long most) {
    String number = text(key).orElse(fallback);
    if (!number.matches("[1-9]\\d{0,12}") || Long.parseLong(number) > most) {
      problem(key, "is '" + number + "'; it must be a whole number from 1 to " + most);
      return Long.parseLong(fallback);
    }
    return Long.parseLong(number);
  }

  private static long micros(String dollars) {
    return new BigDecimal(dollars)
        .movePointRight(6)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }

  private Optional<URI> url(String key, String example) {
    Optional<String> url = text(key);
    if (url.isPresent() && !url.get().matches("https?://[^\\s/]+.*")) {
      problem(key, "is '" + url.get() + "'; it must be a URL such as " + example);
      return Optional.empty();
    }
    return url.map(URI::create);
  }

  private Optional<Path> path(String key) {
    return text(key).map(this::resolved);
  }

  private Path resolved(String path) {
    return directory.resolve(path).normalize();
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable(properties.getProperty(key))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private void problem(String key, String what) {
    problems.add(new Problem(file.toString(), 0, key, what));
  }
}
