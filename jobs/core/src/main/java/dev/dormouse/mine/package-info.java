/**
 * What history teaches: Spark aggregates runs to effects by slice, pure functions turn those into
 * insights with their uncertainty.
 */
package dev.dormouse.mine;
