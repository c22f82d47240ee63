/**
 * Simulates the unchanged tick and its decisions in memory: disk, training backend, tracking
 * server, users and clock fail in every way that real ones do, reproducibly from one seed. The
 * invariants are checked after every step.
 */
package dev.dormouse.eval.simulate;
