/**
 * Formats what commands print: tables, and the text and JSON forms of values. Depends on no
 * command.
 */
package dev.dormouse.cli.text;
