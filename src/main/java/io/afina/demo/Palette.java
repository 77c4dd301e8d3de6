package io.afina.demo;

import java.awt.Color;
import java.util.random.RandomGenerator;

/**
 * The colours of one picture. They are random whatever is drawn, so that no label has a colour of
 * its own; those that touch differ enough for a person to see what is drawn.
 */
record Palette(Color above, Color below, Color body, Color accent, Color trim, Color dark) {

  private static final double APART = 110;

  static Palette random(RandomGenerator random) {
    Color above = any(random);
    Color below = any(random);
    Color body = unlike(above, below, random);
    Color accent = unlike(above, body, random);
    Color trim = unlike(body, accent, random);
    Color dark = Color.getHSBColor(random.nextFloat(), 0.5f, random.nextFloat(0.05f, 0.3f));
    return new Palette(above, below, body, accent, trim, dark);
  }

  private static Color any(RandomGenerator random) {
    return Color.getHSBColor(
        random.nextFloat(), random.nextFloat(0.1f, 0.9f), random.nextFloat(0.35f, 1f));
  }

  private static Color unlike(Color one, Color other, RandomGenerator random) {
    Color colour = any(random);
    while (distance(colour, one) < APART || distance(colour, other) < APART) {
      colour = any(random);
    }
    return colour;
  }

  private static double distance(Color one, Color other) {
    double redAndGreen =
        Math.hypot(one.getRed() - other.getRed(), one.getGreen() - other.getGreen());
    return Math.hypot(redAndGreen, one.getBlue() - other.getBlue());
  }
}
