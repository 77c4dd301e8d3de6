package io.afina.demo;

import java.awt.Color;
import java.util.List;
import java.util.function.BiConsumer;

/** A thing that can be drawn. The {@link Pen} varies it, so that no two drawings are alike. */
record Motif(String label, BiConsumer<Pen, Palette> drawing) {

  static final List<Motif> ALL =
      List.of(
          new Motif("balloon", Motif::balloon),
          new Motif("boat", Motif::boat),
          new Motif("car", Motif::car),
          new Motif("cat", Motif::cat),
          new Motif("cup", Motif::cup),
          new Motif("fish", Motif::fish),
          new Motif("flower", Motif::flower),
          new Motif("house", Motif::house),
          new Motif("mushroom", Motif::mushroom),
          new Motif("tree", Motif::tree));

  /** Scraps, which have no label. */
  static final Motif SCRAP = new Motif("", Motif::scrap);

  private static void balloon(Pen pen, Palette colour) {
    if (pen.chance(0.5)) {
      pen.curve(colour.dark(), 1.2, "28 58 44 75 42 86");
      pen.curve(colour.dark(), 1.2, "72 58 56 75 58 86");
      pen.polygon(colour.trim(), "40 84 60 84 57 98 43 98");
    } else {
      pen.curve(colour.dark(), 1.5, "50 70 25 85 50 99", "50 70 75 85 50 99");
      pen.polygon(colour.body(), "50 64 45 75 55 75");
    }
    pen.oval(colour.body(), 50, 36, 30, 34);
    for (int stripe = pen.count(0, 2); stripe > 0; stripe--) {
      pen.oval(stripe == 2 ? colour.accent() : colour.trim(), 50, 36, 9 * stripe, 34);
    }
    pen.oval(Color.WHITE, 35, 22, 3, 6, 0.5);
  }

  private static void boat(Pen pen, Palette colour) {
    if (pen.chance(0.6)) {
      pen.polygon(colour.dark(), "48 4 51 4 51 68 48 68");
      pen.polygon(colour.accent(), "53 8 88 60 53 63", "53 14 76 60 53 63");
      pen.polygon(colour.trim(), "46 14 15 60 46 62", "46 30 26 60 46 62", "51 4 51 14 34 9");
    } else {
      pen.polygon(colour.dark(), "50 18 62 18 62 48 50 48", "34 26 43 26 43 50 34 50");
      pen.polygon(colour.trim(), "24 44 76 44 78 68 24 68", "36 38 66 38 66 68 36 68");
      for (int x = 40; x <= 64; x += 12) {
        pen.oval(colour.accent(), x, 54, 3.5, 3.5);
      }
    }
    pen.polygon(colour.body(), "3 65 97 65 82 92 14 92", "1 60 12 66 98 66 88 93 20 93");
    pen.polygon(colour.accent(), "8 71 94 71 91 75 10 75");
  }

  private static void car(Pen pen, Palette colour) {
    if (pen.chance(0.5)) {
      pen.polygon(colour.body(), "10 50 22 25 60 25 78 50");
      pen.polygon(colour.trim(), "17 48 26 30 41 30 41 48");
      pen.polygon(colour.trim(), "45 48 45 30 57 30 70 48");
    } else {
      pen.polygon(colour.body(), "4 50 7 20 70 20 86 50");
      pen.polygon(colour.trim(), "11 47 13 26 38 26 38 47");
      pen.polygon(colour.trim(), "43 47 43 26 66 26 77 47");
    }
    pen.blob(colour.body(), "1 47 50 48 90 47 100 56 100 77 50 75 0 77");
    pen.oval(colour.accent(), 92, 57, 3, 4);
    double wheel = pen.between(9, 13);
    for (int x = 23; x <= 77; x += 54) {
      pen.oval(colour.dark(), x, 75, wheel, wheel);
      pen.oval(colour.accent(), x, 75, wheel / 2, wheel / 2);
    }
  }

  private static void cat(Pen pen, Palette colour) {
    pen.curve(colour.body(), 7, "65 92 112 95 84 50", "35 92 -5 95 14 60");
    pen.blob(colour.body(), "34 35 66 35 84 101 50 98 16 101");
    pen.polygon(colour.body(), "20 34 23 2 46 16");
    pen.polygon(colour.body(), "80 34 77 2 54 16");
    pen.polygon(colour.accent(), "25 25 26 8 39 17");
    pen.polygon(colour.accent(), "75 25 74 8 61 17");
    pen.oval(colour.body(), 50, 34, 33, pen.between(23, 28));
    double pupil = pen.between(1.5, 3.5);
    for (int x = 36; x <= 64; x += 28) {
      pen.oval(colour.trim(), x, 31, 6, 5);
      pen.oval(colour.dark(), x, 31, pupil, 4.5);
    }
    pen.polygon(colour.accent(), "46 39 54 39 50 44");
    pen.curve(colour.dark(), 1.3, "50 44 46 52 40 47");
    pen.curve(colour.dark(), 1.3, "50 44 54 52 60 47");
    pen.curve(colour.dark(), 0.9, "38 43 22 40 8 38");
    pen.curve(colour.dark(), 0.9, "38 46 22 46 8 49");
    pen.curve(colour.dark(), 0.9, "62 43 78 40 92 38");
    pen.curve(colour.dark(), 0.9, "62 46 78 46 92 49");
  }

  private static void cup(Pen pen, Palette colour) {
    if (pen.chance(0.6)) {
      pen.oval(colour.trim(), 44, 90, 42, 7);
    }
    pen.curve(colour.body(), pen.between(5, 9), "72 42 112 52 66 80", "74 44 98 62 70 78");
    pen.blob(colour.body(), "13 25 75 25 75 60 64 98 24 98 13 60", "14 25 74 25 72 96 16 96");
    pen.oval(colour.body(), 44, 31, 30, 7);
    pen.oval(colour.dark(), 44, 32, 26, 5);
    pen.blob(colour.accent(), "16 52 44 58 72 52 70 68 44 74 18 68", "34 52 54 52 54 72 34 72");
    for (int x = 32; x <= 56 && pen.chance(0.7); x += 12) {
      pen.curve(colour.trim(), 2, x + " 24 " + (x + 12) + " 14 " + x + " 3");
    }
  }

  private static void fish(Pen pen, Palette colour) {
    double belly = pen.between(17, 28);
    pen.polygon(colour.accent(), "70 50 99 26 90 50 99 74", "70 50 96 30 98 50 96 70");
    pen.blob(colour.accent(), "28 34 44 8 60 14 72 42 50 50");
    pen.blob(colour.accent(), "44 60 56 60 62 86 50 84");
    pen.oval(colour.body(), 42, 50, 40, belly);
    for (int x = 36; x <= 60 && pen.chance(0.7); x += 12) {
      pen.oval(colour.trim(), x, 50, 2.5, belly * (1.2 - x / 100.0));
    }
    pen.blob(colour.accent(), "40 52 58 48 60 64 46 60");
    pen.oval(colour.trim(), 18, 44, 5, 5);
    pen.oval(colour.dark(), 17, 44, 2.5, 2.5);
    pen.curve(colour.dark(), 1.4, "6 55 12 60 18 56");
  }

  private static void flower(Pen pen, Palette colour) {
    pen.curve(colour.accent(), pen.between(2.5, 5), "50 36 46 70 50 99", "50 36 54 70 50 99");
    pen.blob(colour.accent(), "44 94 58 72 80 66 72 90", "46 86 60 66 78 70 68 86");
    pen.blob(colour.accent(), "56 94 42 76 22 68 28 92");
    int petals = pen.count(5, 10);
    double first = pen.between(0, 1);
    double width = pen.between(60, 110) / (petals + 2);
    for (int i = 0; i < petals; i++) {
      double angle = first + 2 * Math.PI * i / petals;
      double x = 50 + 18 * Math.cos(angle);
      double y = 34 + 18 * Math.sin(angle);
      pen.oval(colour.body(), x, y, 15, width, angle);
    }
    double heart = pen.between(7, 12);
    pen.oval(colour.trim(), 50, 34, heart, heart);
  }

  private static void house(Pen pen, Palette colour) {
    if (pen.chance(0.6)) {
      pen.polygon(colour.trim(), "66 8 77 8 77 40 66 40", "24 8 34 8 34 40 24 40");
    }
    pen.polygon(colour.body(), "16 42 84 42 84 94 16 94");
    pen.polygon(colour.accent(), "6 46 50 6 94 46", "6 46 28 14 72 14 94 46", "4 46 16 20 96 46");
    pen.polygon(colour.dark(), "43 66 57 66 57 94 43 94", "24 66 38 66 38 94 24 94");
    pen.polygon(colour.trim(), "64 58 78 58 78 72 64 72");
    pen.polygon(colour.trim(), "23 51 36 51 36 62 23 62");
    if (pen.chance(0.5)) {
      pen.polygon(colour.trim(), "44 50 56 50 56 61 44 61");
    }
  }

  private static void mushroom(Pen pen, Palette colour) {
    pen.blob(colour.trim(), "40 40 60 40 58 75 66 100 34 100 42 75", "42 40 58 40 60 99 40 99");
    pen.blob(
        colour.body(), "2 60 4 32 26 2 74 2 96 32 98 60 50 52", "0 58 10 18 50 8 90 18 100 58");
    for (int spot = pen.count(1, 5); spot > 0; spot--) {
      double size = pen.between(2.5, 5);
      pen.oval(colour.accent(), 14 + 12 * spot, pen.between(22, 46), 1.2 * size, size);
    }
  }

  private static void tree(Pen pen, Palette colour) {
    pen.polygon(colour.trim(), "44 50 56 50 60 98 40 98", "46 50 54 50 56 98 44 98");
    if (pen.chance(0.5)) {
      pen.polygon(colour.body(), "50 46 86 82 14 82");
      pen.polygon(colour.body(), "50 24 79 60 21 60");
      pen.polygon(colour.body(), "50 2 70 36 30 36");
    } else {
      for (int i = pen.count(6, 9); i > 0; i--) {
        double x = 50 + 24 * Math.cos(2.4 * i);
        double y = 34 + 17 * Math.sin(2.4 * i);
        pen.oval(colour.body(), x, y, pen.between(15, 21), pen.between(14, 19));
      }
      for (int i = pen.count(0, 5); i > 0; i--) {
        pen.oval(colour.accent(), pen.between(30, 70), pen.between(18, 50), 3, 3);
      }
    }
  }

  private static void scrap(Pen pen, Palette colour) {
    switch (pen.count(0, 2)) {
      case 0 -> pen.oval(colour.body(), 50, 50, 40, 40);
      case 1 -> pen.polygon(colour.body(), "10 10 90 10 90 90 10 90", "10 80 50 10 90 80");
      default -> pen.curve(colour.body(), pen.between(5, 20), "0 90 20 10 100 20");
    }
  }
}
