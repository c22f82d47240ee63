package dev.dormouse.llm;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.table.Json;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends one call to a language model by LangChain4j and returns its outcome. */
final class ModelClient {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int SERVER_ERROR = 500;
  private static final String OPENAI_HOST = "api.openai.com";
  private static final String DUMMY_KEY = "none";

  private final LlmSettings settings;
  private final Clock clock;
  private final ChatModel model;

  /**
   * @param apiKey the key itself; empty if none is needed
   */
  ModelClient(LlmSettings settings, String apiKey, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.model = model(settings, apiKey);
  }

  private static ChatModel model(LlmSettings settings, String apiKey) {
    ModelHttp http = new ModelHttp(settings.timeout());
    String key = apiKey.isEmpty() ? DUMMY_KEY : apiKey;
    Optional<String> url = Optional.of(settings.url()).filter(text -> !text.isEmpty());
    switch (settings.provider()) {
      case ANTHROPIC -> {
        AnthropicChatModel.AnthropicChatModelBuilder builder =
            AnthropicChatModel.builder()
                .httpClientBuilder(http)
                .apiKey(key)
                .modelName(settings.model())
                .timeout(settings.timeout())
                .maxRetries(0);
        url.ifPresent(builder::baseUrl);
        return builder.build();
      }
      case OLLAMA -> {
        return OllamaChatModel.builder()
            .httpClientBuilder(http)
            .baseUrl(url.orElse("http://127.0.0.1:11434"))
            .modelName(settings.model())
            .timeout(settings.timeout())
            .maxRetries(0)
            .build();
      }
      default -> {
        OpenAiChatModel.OpenAiChatModelBuilder builder =
            OpenAiChatModel.builder()
                .httpClientBuilder(http)
                .apiKey(key)
                .modelName(settings.model())
                .timeout(settings.timeout())
                .maxRetries(0);
        url.ifPresent(builder::baseUrl);
        return builder.build();
      }
    }
  }

  /** Sends a call whose reservation is in the journal. Never throws: failures are events. */
  LlmEvent send(LlmEvent.Reserved call, LlmRequest request) {
    Instant sent = clock.instant();
    try {
      ChatResponse response = model.chat(chatRequest(request));
      return answered(call, request, response, Duration.between(sent, clock.instant()));
    } catch (RuntimeException e) {
      return failed(call, e);
    }
  }

  private ChatRequest chatRequest(LlmRequest request) {
    boolean openAi = settings.provider() == LlmSettings.Provider.OPENAI;
    boolean anyText = request.schemaJson().isEmpty();
    String system =
        anyText || openAi
            ? request.system()
            : request.system()
                + "\nReply with nothing but JSON that satisfies this schema: "
                + request.schemaJson();
    List<ChatMessage> messages = new ArrayList<>();
    if (!system.isBlank()) {
      messages.add(SystemMessage.from(system));
    }
    messages.add(UserMessage.from(request.prompt()));
    ChatRequest.Builder chat = ChatRequest.builder().messages(messages);
    if (!openAi) {
      return chat.maxOutputTokens(request.maxOutputTokens())
          .responseFormat(
              anyText || settings.provider() == LlmSettings.Provider.ANTHROPIC
                  ? ResponseFormat.TEXT
                  : ResponseFormat.JSON)
          .build();
    }
    OpenAiChatRequestParameters.Builder parameters = OpenAiChatRequestParameters.builder();
    if (settings.url().isEmpty() || settings.url().contains(OPENAI_HOST)) {
      // OpenAI's newer models reject the older name of the limit; other servers know only that one.
      parameters.maxCompletionTokens(request.maxOutputTokens());
    } else {
      parameters.maxOutputTokens(request.maxOutputTokens());
    }
    if (!anyText) {
      parameters.customParameters(Map.of("response_format", openAiFormat(request.schemaJson())));
    }
    return chat.parameters(parameters.build()).build();
  }

  /**
   * Returns the response format as it is sent. LangChain4j would parse the schema with every
   * Jackson module on the class path; Spark's Scala module changes it on the way.
   */
  private static Map<String, Object> openAiFormat(String schemaJson) {
    return Map.of(
        "type",
        "json_schema",
        "json_schema",
        Map.of("name", "reply", "schema", Json.read(schemaJson, Map.class)));
  }

  /** If the provider does not report token counts, the worst case counts. */
  private LlmEvent answered(
      LlmEvent.Reserved call, LlmRequest request, ChatResponse response, Duration latency) {
    TokenUsage usage = response.tokenUsage();
    long input =
        usage == null || usage.inputTokenCount() == null
            ? LlmLedger.maxInputTokens(request)
            : usage.inputTokenCount();
    long output =
        usage == null || usage.outputTokenCount() == null
            ? request.maxOutputTokens()
            : usage.outputTokenCount();
    String text = response.aiMessage().text();
    return new LlmEvent.Answered(
        call.callId(),
        text == null ? "" : text,
        response.finishReason() == FinishReason.LENGTH,
        input,
        output,
        settings.price().of(input, output),
        latency,
        clock.instant());
  }

  private LlmEvent failed(LlmEvent.Reserved call, RuntimeException failure) {
    Instant now = clock.instant();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpException refusal) {
        return refused(call, refusal, now);
      }
      if (cause instanceof ConnectException
          || cause instanceof HttpConnectTimeoutException
          || cause instanceof UnresolvedAddressException) {
        return new LlmEvent.Failed(
            call.callId(),
            LlmStatus.UNAVAILABLE,
            false,
            Optional.empty(),
            "no connection to " + (settings.url().isEmpty() ? "the provider" : settings.url()),
            now);
      }
      if (cause instanceof HttpTimeoutException) {
        return unanswered(call, "no reply within " + settings.timeout().toSeconds() + " s", now);
      }
    }
    return unanswered(call, "no usable reply: " + firstLine(failure), now);
  }

  private static LlmEvent unanswered(LlmEvent.Reserved call, String detail, Instant now) {
    return new LlmEvent.Failed(
        call.callId(), LlmStatus.UNANSWERED, true, Optional.empty(), detail, now);
  }

  private static LlmEvent refused(LlmEvent.Reserved call, HttpException refusal, Instant now) {
    int code = refusal.statusCode();
    LlmStatus status =
        code == TOO_MANY_REQUESTS
            ? LlmStatus.RATE_LIMITED
            : code >= SERVER_ERROR || code == REQUEST_TIMEOUT
                ? LlmStatus.UNAVAILABLE
                : LlmStatus.REFUSED;
    Optional<Instant> until =
        refusal instanceof ModelHttp.Refusal known
            ? known.retryAfter().flatMap(header -> Retries.until(header, now))
            : Optional.empty();
    return new LlmEvent.Failed(
        call.callId(),
        status,
        false,
        status == LlmStatus.RATE_LIMITED
            ? Optional.of(until.orElse(now.plus(Retries.pause(1))))
            : until,
        "the provider answered " + code + ": " + firstLine(refusal),
        now);
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
