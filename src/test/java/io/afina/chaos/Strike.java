package io.afina.chaos;

/**
 * One fault at one moment.
 *
 * @param after so many milliseconds of peace
 * @param target which one of those that can be hit, to be taken modulo their number
 * @param millis how long it takes, where it takes a time
 */
record Strike(Fault fault, int after, int target, int millis) {}
