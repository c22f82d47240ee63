/** Builds a costed plan from ranked hypotheses; Spark reads the lake, pure classes decide. */
package dev.dormouse.plan;
