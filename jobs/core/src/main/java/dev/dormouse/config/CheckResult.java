package dev.dormouse.config;

/**
 * Outcome of a check made before anything is trained.
 *
 * @param name the check
 * @param ok whether it passed
 * @param detail what was found
 * @param remedy what to do if it did not pass; empty if it did
 */
public record CheckResult(String name, boolean ok, String detail, String remedy) {}
