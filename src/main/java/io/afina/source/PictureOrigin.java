package io.afina.source;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Obtains the encoded picture of an image event; called by several threads at once. */
public interface PictureOrigin {

  /** Pictures that are the values of their records. */
  PictureOrigin RECORDS = PictureOrigin::inRecord;

  /**
   * Obtains the picture; waits for it if it is elsewhere.
   *
   * @param value of the record
   * @param headers of the record
   * @throws UnusableRecordException when there is none
   */
  EncodedPicture read(byte @Nullable [] value, Headers headers) throws UnusableRecordException;

  /** Whether it takes time to obtain the picture, so that several are to be obtained at once. */
  default boolean isElsewhere(byte @Nullable [] value, Headers headers) {
    return false;
  }

  /**
   * Where the picture of an image event is.
   *
   * @param partition of the event on {@code images}, as is the offset
   * @param value of the record
   * @param headers of the record
   */
  default ImagePlace place(int partition, long offset, byte @Nullable [] value, Headers headers) {
    return new ImagePlace(partition, offset);
  }

  /**
   * An encoded picture.
   *
   * @param contentType what its producer says that it is, if it says so
   */
  record EncodedPicture(byte[] bytes, @Nullable String contentType) {}

  /**
   * The picture that is a record's value.
   *
   * @throws UnusableRecordException when there is no value
   */
  static EncodedPicture inRecord(byte @Nullable [] value, Headers headers)
      throws UnusableRecordException {
    if (value == null || value.length == 0) {
      throw new UnusableRecordException(
          Stage.DECODE, Reason.EMPTY, "the record has no value; its value must be the picture");
    }
    return new EncodedPicture(value, PictureReference.contentType(headers));
  }
}
