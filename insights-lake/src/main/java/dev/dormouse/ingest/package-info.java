/**
 * Imports runs from files and MLflow servers into {@code runs} and {@code run_metrics}. A mapping
 * assigns columns to fields, bad rows go to quarantine with their reason, and importing twice
 * changes nothing.
 */
package dev.dormouse.ingest;
