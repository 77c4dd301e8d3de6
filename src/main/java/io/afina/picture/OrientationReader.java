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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads EXIF's orientation, and nothing else of a picture's metadata. */
final class OrientationReader {

  private OrientationReader() {}

  /** Reads the orientation; upright where there is none, or none that can be read. */
  static Orientation read(PictureFormat format, byte[] bytes) {
    try {
      return metadata(format, new ByteArrayInputStream(bytes))
          .getDirectoriesOfType(ExifIFD0Directory.class)
          .stream()
          .map(exif -> exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION))
          .filter(Objects::nonNull)
          .findFirst()
          .map(Orientation::of)
          .orElse(Orientation.UPRIGHT);
    } catch (IOException | ImageProcessingException | RuntimeException e) {
      return Orientation.UPRIGHT;
    }
  }

  private static Metadata metadata(PictureFormat format, InputStream stream)
      throws IOException, ImageProcessingException {
    return switch (format) {
      case JPEG -> JpegMetadataReader.readMetadata(stream, List.of(new ExifReader()));
      case PNG -> png(stream);
      case WEBP -> WebpMetadataReader.readMetadata(stream);
      case GIF, BMP -> new Metadata();
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
