/**
 * From ranked hypotheses to a costed plan, and within a campaign from results to the next arms:
 * pure decisions.
 */
package dev.dormouse.plan;
