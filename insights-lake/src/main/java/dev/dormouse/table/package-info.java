/**
 * The only schemas: one class a table with its columns, key, constraints and codec by column name.
 * What Spark, Delta Kernel, the notebooks and {@code docs/tables.md} see of a table is derived from
 * here.
 */
package dev.dormouse.table;
