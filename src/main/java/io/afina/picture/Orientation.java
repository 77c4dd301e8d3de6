package io.afina.picture;

/**
 * The orientation of a picture in its file, as EXIF's orientation tag says (1 to 8; CIPA DC-008,
 * "Image data orientation"). To stand upright it is mirrored left to right, top to bottom, both or
 * neither, and then its rows become columns or not.
 *
 * @param mirrorX left and right are exchanged
 * @param mirrorY top and bottom are exchanged
 * @param transpose rows become columns, after the mirroring
 */
record Orientation(boolean mirrorX, boolean mirrorY, boolean transpose) {

  static final Orientation UPRIGHT = new Orientation(false, false, false);

  static Orientation of(int exif) {
    return switch (exif) {
      case 2 -> new Orientation(true, false, false);
      case 3 -> new Orientation(true, true, false);
      case 4 -> new Orientation(false, true, false);
      case 5 -> new Orientation(false, false, true);
      case 6 -> new Orientation(false, true, true);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, false, true);
      default -> UPRIGHT;
    };
  }
}
