/**
 * Training backends: who runs an arm (a local detached process, a table of known results) and how
 * its end is told.
 */
package dev.dormouse.training;
