package io.afina.dataset;

import java.util.Locale;

/** The form of a dataset. */
public enum DatasetFormat {
  /** A folder a split, in it a folder a label, and labels.csv. */
  FOLDERS,
  /** Hugging Face's imagefolder: a folder a split with its metadata.jsonl. */
  IMAGEFOLDER,
  /** COCO: images, and annotations with one JSON a split. */
  COCO,
  /** One folder of pictures, and labels.csv. */
  CSV;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
