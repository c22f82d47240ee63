/**
 * Everything that speaks to an MLflow tracking server: the outbox that publishes campaigns, the
 * traces of model calls, and the reader.
 */
package dev.dormouse.mlflow;
