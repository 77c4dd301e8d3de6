package io.afina.labelling;

import io.afina.event.ReviewItem;

/**
 * A review item as it stands on its topic.
 *
 * @param id where it is
 * @param image the image id
 * @param review what is asked, and why
 * @param timestamp of the record, milliseconds since 1970
 */
record Item(ItemId id, String image, ReviewItem review, long timestamp) {}
