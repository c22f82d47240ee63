/**
 * The command line: one main, one class a subcommand. The only package that reads the system clock,
 * prints and exits; everything it does is done elsewhere.
 */
package dev.dormouse.cli;
