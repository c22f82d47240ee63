/**
 * From files of past experiments and MLflow servers to {@code runs} and {@code run_metrics}: a
 * mapping says which column is what, bad rows go to quarantine with their reason, and importing
 * twice changes nothing.
 */
package dev.dormouse.ingest;
