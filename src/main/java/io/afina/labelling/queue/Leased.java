package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.util.List;
import java.util.Set;

/**
 * What a page gets of the queue.
 *
 * @param items that it does not hold
 * @param lost what it held and may not keep: it was answered, or is another's
 * @param others items that only others may answer now
 * @param passed items that the labeller passed, and others may answer
 */
public record Leased(List<QueuedItem> items, Set<RecordId> lost, int others, int passed) {}
