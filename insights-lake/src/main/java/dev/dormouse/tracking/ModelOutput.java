package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A logged model that a run made at a step. */
public record ModelOutput(@JsonProperty("model_id") String modelId, long step) {}
