/** Builds services from a deployment's configuration, and runs Spark jobs in a session. */
package dev.dormouse.wiring;
