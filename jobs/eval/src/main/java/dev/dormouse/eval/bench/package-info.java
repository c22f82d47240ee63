/**
 * Measures Dormouse itself on generated histories: how fast they are mined and in how much memory
 * (against another engine, which must find the same effects), and how true what is mined is
 * (against what was planted).
 */
package dev.dormouse.eval.bench;
