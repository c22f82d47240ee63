/**
 * The nouns of Dormouse: immutable records and enums that refuse bad input in their constructors.
 * They see only {@code java..}, so that every other package, pure or not, can speak in them.
 */
package dev.dormouse.model;
