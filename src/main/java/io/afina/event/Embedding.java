package io.afina.event;

/**
 * The vector that a backbone gives for a picture.
 *
 * @param backbone identity of the backbone: the SHA-256 of its file in hex
 * @param values one number a dimension
 */
public record Embedding(String backbone, float[] values) {}
