package io.afina.demo;

/**
 * A drawing and what it shows.
 *
 * @param id the same for the same seed and index, fit to be an image id
 * @param label what is drawn, one of {@link DrawnPictures#labels()}
 * @param jpeg the picture, encoded
 */
public record DrawnPicture(String id, String label, byte[] jpeg) {}
