/**
 * The only schemas: one class per table with its columns, key, constraints and codec by column
 * name. The schemas that Spark, Delta Kernel, the notebooks and {@code docs/tables.md} use are
 * derived from these.
 */
package dev.dormouse.table;
