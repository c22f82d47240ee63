/**
 * The tick and its decisions, unchanged, in a world made of memory: disk, training backend,
 * tracking server, people and clock fail there in every way that real ones do, all from one seed.
 * After every step it is checked that nothing was promised in vain.
 */
package dev.dormouse.eval.simulate;
