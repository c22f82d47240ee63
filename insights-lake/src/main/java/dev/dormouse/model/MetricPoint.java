package dev.dormouse.model;

/** One point of a learning curve: a metric's value after a step. */
public record MetricPoint(String metric, long step, double value) {}
