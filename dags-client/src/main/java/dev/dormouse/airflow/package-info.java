/**
 * A client of Airflow's REST API v2. No Spark, no lake: only HTTP and the shapes of Airflow's
 * answers.
 */
package dev.dormouse.airflow;
