/**
 * The domain model of Dormouse: immutable records and enums that refuse bad input in their
 * constructors. It depends only on {@code java..}, so that every other package can use it.
 */
package dev.dormouse.model;
