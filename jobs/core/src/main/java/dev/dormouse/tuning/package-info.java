/**
 * Data for tuning a model that proposes hypotheses: past campaigns as questions, answers and
 * outcomes. {@link dev.dormouse.tuning.PastCampaigns} reads the lake with Spark and {@link
 * dev.dormouse.tuning.TrainingSetFolder} writes files; all else is pure.
 */
package dev.dormouse.tuning;
