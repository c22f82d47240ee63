/**
 * A client of Airflow's REST API v2. Needs neither Spark nor a lake: only HTTP and records of
 * Airflow's replies.
 */
package dev.dormouse.airflow;
