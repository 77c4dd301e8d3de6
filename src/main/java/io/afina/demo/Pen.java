package io.afina.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Draws in a square of 100 by 100, x to the right and y down, with a hand of its own: it trembles,
 * bends the whole square like a sheet of rubber, has outlines or none, and light from one side.
 *
 * <p>A form is a text of points, {@code "x y x y …"}; where several are given, one is chosen.
 */
final class Pen {

  private final Graphics2D canvas;
  private final RandomGenerator random;
  private final Color ink;
  private final double outline;
  private final double tremble;
  private final float light;
  private final double[] bend;

  Pen(Graphics2D canvas, Color ink, RandomGenerator random) {
    this.canvas = canvas;
    this.random = random;
    this.ink = ink;
    this.outline = chance(0.6) ? random.nextDouble(0.6, 2.5) : 0;
    this.tremble = random.nextDouble(0.8);
    this.light = random.nextFloat(100);
    this.bend = random.doubles(18, -10, 10).toArray();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  double between(double low, double high) {
    return random.nextDouble(low, high);
  }

  int count(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** Fills a form with straight sides. */
  void polygon(Color colour, String... forms) {
    double[] p = points(forms);
    Path2D path = new Path2D.Double();
    path.moveTo(p[0], p[1]);
    for (int i = 2; i < p.length; i += 2) {
      path.lineTo(p[i], p[i + 1]);
    }
    path.closePath();
    fill(colour, path);
  }

  /** Fills a form without corners: its points pull an outline that passes between them. */
  void blob(Color colour, String... forms) {
    fill(colour, round(points(forms)));
  }

  void oval(Color colour, double x, double y, double radiusX, double radiusY) {
    oval(colour, x, y, radiusX, radiusY, 0);
  }

  /** Fills an oval around x, y that is turned by an angle in radians. */
  void oval(Color colour, double x, double y, double radiusX, double radiusY, double angle) {
    double[] p = new double[24];
    for (int i = 0; i < p.length; i += 2) {
      double across = radiusX * Math.cos(Math.PI * i / 12);
      double down = radiusY * Math.sin(Math.PI * i / 12);
      p[i] = x + across * Math.cos(angle) - down * Math.sin(angle);
      p[i + 1] = y + across * Math.sin(angle) + down * Math.cos(angle);
    }
    fill(colour, round(bent(p)));
  }

  /** A line from the first of three points to the last; the second pulls it aside. */
  void curve(Color colour, double width, String... forms) {
    double[] p = points(forms);
    Path2D path = new Path2D.Double();
    path.moveTo(p[0], p[1]);
    path.quadTo(p[2], p[3], p[4], p[5]);
    stroke(colour, width, path);
  }

  private void fill(Color colour, Shape shape) {
    canvas.setPaint(
        new GradientPaint(light, 0, colour.brighter(), 100 - light, 100, colour.darker()));
    canvas.fill(shape);
    if (outline > 0) {
      stroke(ink, outline, shape);
    }
  }

  private void stroke(Color colour, double width, Shape shape) {
    canvas.setColor(colour);
    canvas.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    canvas.draw(shape);
  }

  private static Shape round(double[] p) {
    int n = p.length;
    Path2D path = new Path2D.Double();
    path.moveTo((p[n - 2] + p[0]) / 2, (p[n - 1] + p[1]) / 2);
    for (int i = 0; i < n; i += 2) {
      double nextX = p[(i + 2) % n];
      double nextY = p[(i + 3) % n];
      path.quadTo(p[i], p[i + 1], (p[i] + nextX) / 2, (p[i + 1] + nextY) / 2);
    }
    return path;
  }

  private double[] points(String... forms) {
    String form = forms[random.nextInt(forms.length)];
    return bent(Stream.of(form.split(" +")).mapToDouble(Double::parseDouble).toArray());
  }

  /** The points after the bending, which is a Bézier surface of nine displaced knots. */
  private double[] bent(double[] p) {
    double[] result = new double[p.length];
    for (int i = 0; i < p.length; i += 2) {
      double[] across = bernstein(p[i] / 100);
      double[] down = bernstein(p[i + 1] / 100);
      result[i] = p[i] + tremble * random.nextGaussian();
      result[i + 1] = p[i + 1] + tremble * random.nextGaussian();
      for (int knot = 0; knot < 9; knot++) {
        double weight = across[knot % 3] * down[knot / 3];
        result[i] += weight * bend[knot];
        result[i + 1] += weight * bend[knot + 9];
      }
    }
    return result;
  }

  private static double[] bernstein(double t) {
    return new double[] {(1 - t) * (1 - t), 2 * t * (1 - t), t * t};
  }
}
