package io.afina.picture;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.StreamReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.TiffDirectory;
import io.afina.picture.format.XmpOrientation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the orientation of EXIF or XMP, and nothing else of a picture's metadata. */
final class OrientationReader {

  private OrientationReader() {}

  /**
   * Reads the orientation; upright where there is none, or none that can be read. As in Pillow,
   * that of an XMP packet counts where EXIF has none.
   */
  static Orientation read(PictureFormat format, byte[] bytes) {
    try {
      OptionalInt exif =
          format == PictureFormat.TIFF
              ? TiffDirectory.of(bytes).orientation()
              : exif(format, new ByteArrayInputStream(bytes));
      OptionalInt orientation = exif.isPresent() ? exif : xmp(format, bytes);
      return Orientation.of(orientation.orElse(1));
    } catch (IOException
        | ImageProcessingException
        | UnusableRecordException
        | RuntimeException e) {
      return Orientation.UPRIGHT;
    }
  }

  private static OptionalInt exif(PictureFormat format, InputStream stream)
      throws IOException, ImageProcessingException {
    return metadata(format, stream).getDirectoriesOfType(ExifIFD0Directory.class).stream()
        .map(exif -> exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION))
        .filter(Objects::nonNull)
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  private static OptionalInt xmp(PictureFormat format, byte[] bytes) {
    return switch (format) {
      case JPEG -> XmpOrientation.ofJpeg(bytes);
      case PNG -> XmpOrientation.ofPng(bytes);
      case WEBP -> XmpOrientation.ofWebp(bytes);
      case GIF, BMP, TIFF, JPEG2000 -> OptionalInt.empty();
    };
  }

  private static Metadata metadata(PictureFormat format, InputStream stream)
      throws IOException, ImageProcessingException {
    return switch (format) {
      case JPEG -> JpegMetadataReader.readMetadata(stream, List.of(new ExifReader()));
      case PNG -> png(stream);
      case WEBP -> WebpMetadataReader.readMetadata(stream);
      case GIF, BMP, TIFF, JPEG2000 -> new Metadata();
    };
  }

  /** Reads the eXIf chunk alone: compressed text may be huge. */
  private static Metadata png(InputStream stream) throws IOException, ImageProcessingException {
    Metadata metadata = new Metadata();
    for (PngChunk chunk :
        new PngChunkReader().extract(new StreamReader(stream), Set.of(PngChunkType.eXIf))) {
      new ExifReader().extract(new ByteArrayReader(chunk.getBytes()), metadata);
    }
    return metadata;
  }
}
