/**
 * What Dormouse publishes to and reads from MLflow tracking servers: the outbox with its items, the
 * traces of model calls, and the reader. All requests go through the gateway.
 */
package dev.dormouse.mlflow;
