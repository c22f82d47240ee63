package dev.dormouse.config;

import dev.dormouse.airflow.Credentials;
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

/**
 * Where this installation keeps things and which services it talks to, read from a properties file.
 *
 * @param lake the lake's directory
 * @param workDir where trainings have their run directories
 * @param mlflow tracking server, if results are to be published
 * @param airflow an Airflow, if campaigns may train there, or people approve there
 * @param approvalChannels where people may approve plans: some of {@link #CHANNELS}
 * @param llm a language model, if one may be asked
 */
public record Deployment(
    Path lake,
    Path workDir,
    Optional<URI> mlflow,
    Optional<Airflow> airflow,
    Set<String> approvalChannels,
    Optional<LlmSettings> llm) {
  /** Where people may approve plans, if the deployment allows it. */
  public static final List<String> CHANNELS = List.of("cli", "airflow", "mlflow");

  private static final Set<String> DEFAULT_CHANNELS = Set.of("cli");
  private static final String USER = "airflow.user";
  private static final String PASSWORD_FILE = "airflow.password.file";
  private static final String TOKEN_FILE = "airflow.token.file";
  private static final String TOKEN_COMMAND = "airflow.token.command";
  private static final String LLM_MODEL = "llm.model";

  /** Before the name of a model: dollars a million tokens of input, and of output. */
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

  public Deployment {
    approvalChannels = Set.copyOf(approvalChannels);
  }

  /**
   * An Airflow, and how to log in: by user and password, by a token, or by a command that prints
   * one.
   *
   * @param url of its API server
   * @param user an account that may trigger and read our DAGs
   * @param passwordFile the file that holds nothing but its password
   * @param tokenFile the file that holds nothing but a token
   * @param tokenCommand a shell command that prints a token
   */
  public record Airflow(
      URI url,
      Optional<String> user,
      Optional<Path> passwordFile,
      Optional<Path> tokenFile,
      Optional<String> tokenCommand) {
    /**
     * How to log in.
     *
     * @throws BadInputException if a file cannot be read
     */
    public Credentials credentials() {
      if (tokenCommand.isPresent()) {
        return new Credentials.TokenCommand(tokenCommand.get());
      }
      return tokenFile.isPresent()
          ? new Credentials.Token(content(TOKEN_FILE, tokenFile.get()))
          : new Credentials.Password(
              user.orElseThrow(), content(PASSWORD_FILE, passwordFile.orElseThrow()));
    }

    private static String content(String key, Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new BadInputException(
            List.of(new Problem(file.toString(), 0, key, "cannot be read: " + e.getMessage())));
      }
    }
  }

  /** Everything below {@code .dormouse} in the current directory, no services. */
  public static Deployment defaults() {
    return local(Path.of(".dormouse", "lake"), Path.of(".dormouse", "work"));
  }

  /** A lake and run directories, no services; plans are approved by the command line. */
  public static Deployment local(Path lake, Path workDir) {
    return new Deployment(
        lake, workDir, Optional.empty(), Optional.empty(), DEFAULT_CHANNELS, Optional.empty());
  }

  /**
   * Reads a properties file; relative paths start from its directory.
   *
   * @throws BadInputException if it cannot be read, has unknown keys or bad values
   */
  public static Deployment read(Path file) {
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
    return new PropertiesReader(file, properties).deployment();
  }

  /** Reads the keys of one file and collects what is wrong with them. */
  private static final class PropertiesReader {
    private static final String DOLLARS = "\\d{1,6}(?:\\.\\d{1,6})?";
    private static final Pattern PRICES =
        Pattern.compile("(" + DOLLARS + ")\\s*,\\s*(" + DOLLARS + ")");
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private final Path file;
    private final Path directory;
    private final Properties properties;
    private final List<Problem> problems = new ArrayList<>();

    PropertiesReader(Path file, Properties properties) {
      this.file = file;
      this.directory = file.toAbsolutePath().getParent();
      this.properties = properties;
    }

    Deployment deployment() {
      for (String key : properties.stringPropertyNames()) {
        if (!KEYS.contains(key) && !key.startsWith(LLM_PRICE)) {
          problem(
              key,
              "is unknown; known keys are " + String.join(", ", KEYS) + ", " + LLM_PRICE + "MODEL");
        }
      }
      Deployment defaults = defaults();
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

    private Optional<Airflow> airflow(URI url) {
      Airflow airflow =
          new Airflow(url, text(USER), path(PASSWORD_FILE), path(TOKEN_FILE), text(TOKEN_COMMAND));
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
        return DEFAULT_CHANNELS;
      }
      Set<String> channels = new LinkedHashSet<>(List.of(written.get().split("[,\\s]+")));
      for (String channel : channels) {
        String needed = channel.equals("cli") ? "" : channel.equals("mlflow") ? ".uri" : ".url";
        if (!CHANNELS.contains(channel)) {
          problem(
              "approval.channels",
              "names '" + channel + "'; it may name " + String.join(", ", CHANNELS));
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
                  new LlmSettings(
                      how,
                      url.map(URI::toString).orElse(""),
                      model,
                      text("llm.api.key.variable").orElse(""),
                      price(model, how),
                      cap("call", "0.10", "64000"),
                      cap("campaign", "1", "5000000"),
                      cap("day", "5", "20000000"),
                      (int) whole("llm.requests.per.minute", "60", Integer.MAX_VALUE),
                      (int) whole("llm.tokens.per.minute", "100000", Integer.MAX_VALUE),
                      (int) whole("llm.parallel.calls", "8", 512),
                      Duration.ofSeconds(whole("llm.timeout.seconds", "60", 3_600))));
    }

    /** Caps in dollars hold only if the price is known; what runs at home costs nothing. */
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

  /** The same deployment with another lake; its run directories lie beside it. */
  public Deployment withLake(Path other) {
    return new Deployment(
        other,
        other.toAbsolutePath().normalize().resolveSibling("work"),
        mlflow,
        airflow,
        approvalChannels,
        llm);
  }

  /** The same deployment with a tracking server. */
  public Deployment withMlflow(URI uri) {
    return new Deployment(lake, workDir, Optional.of(uri), airflow, approvalChannels, llm);
  }
}
