package dev.dormouse.mlflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/** OpenTelemetry traces in the form of OTLP's JSON, as far as model calls need it. */
record OtlpTraces(List<ResourceSpans> resourceSpans) {
  /** Spans of one program. */
  record ResourceSpans(Resource resource, List<ScopeSpans> scopeSpans) {}

  /** The program that made the spans. */
  record Resource(List<Attribute> attributes) {}

  /** Spans of one part of the program. */
  record ScopeSpans(Scope scope, List<Span> spans) {}

  /** The part of the program. */
  record Scope(String name) {}

  /** One operation, here the root and only span of its trace. */
  record Span(
      String traceId,
      String spanId,
      String name,
      int kind,
      String startTimeUnixNano,
      String endTimeUnixNano,
      List<Attribute> attributes,
      Status status) {}

  /** How an operation ended. */
  record Status(int code, String message) {}

  /** A named value. */
  record Attribute(String key, Value value) {
    static Attribute text(String key, String value) {
      return new Attribute(key, new Value(Optional.of(value), Optional.empty(), Optional.empty()));
    }

    /** Whole numbers are texts in OTLP's JSON. */
    static Attribute whole(String key, long value) {
      return new Attribute(
          key, new Value(Optional.empty(), Optional.of(Long.toString(value)), Optional.empty()));
    }

    static Attribute fraction(String key, double value) {
      return new Attribute(key, new Value(Optional.empty(), Optional.empty(), Optional.of(value)));
    }
  }

  /** Exactly one of its components is present. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Value(
      Optional<String> stringValue, Optional<String> intValue, Optional<Double> doubleValue) {}

  /** Returns the spans of one part of one program. */
  static OtlpTraces of(String service, String scope, List<Span> spans) {
    return new OtlpTraces(
        List.of(
            new ResourceSpans(
                new Resource(List.of(Attribute.text("service.name", service))),
                List.of(new ScopeSpans(new Scope(scope), spans)))));
  }
}
