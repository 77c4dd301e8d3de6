package io.afina.classifier;

import io.afina.lifecycle.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all state stores of a classifier: one block cache, which the write
 * buffers are counted against, shared by every store (see <a
 * href="https://kafka.apache.org/documentation/streams/developer-guide/memory-mgmt">Kafka Streams'
 * memory management</a>). Closed after the streams.
 */
final class RocksDbMemory implements AutoCloseable {

  /** The key in the streams' configuration under which the stores find it. */
  private static final String KEY = "afina.rocksdb.memory";

  private static final double WRITE_BUFFERS_SHARE = 1.0 / 3;

  static {
    load();
  }

  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private boolean closed;

  /**
   * Sets it up.
   *
   * @param bytes for blocks and write buffers together, a third of it for write buffers
   */
  RocksDbMemory(long bytes) {
    cache = new LRUCache(bytes);
    writeBuffers = new WriteBufferManager((long) (bytes * WRITE_BUFFERS_SHARE), cache);
  }

  /** The settings of Kafka Streams that make it take effect. */
  Map<String, Object> settings() {
    return Map.of(KEY, this, "rocksdb.config.setter", Setter.class);
  }

  /** Bytes that blocks and write buffers take now; 0 once it is closed. */
  synchronized long used() {
    return closed ? 0 : cache.getUsage();
  }

  /** Bytes of them that cannot be given up now; 0 once it is closed. */
  synchronized long pinned() {
    return closed ? 0 : cache.getPinnedUsage();
  }

  /** Synchronized with the sizes: reading one of a closed cache would end the JVM. */
  @Override
  public synchronized void close() {
    closed = true;
    writeBuffers.close();
    cache.close();
  }

  /**
   * RocksDB unpacks its library and deletes it when the process ends, if it does by itself. Once
   * loaded the file is not needed.
   */
  private static void load() {
    try (TemporaryFolder folder = new TemporaryFolder("afina-rocksdb-")) {
      NativeLibraryLoader.getInstance().loadLibrary(folder.path().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RocksDB.loadLibrary();
  }

  /** Called by Kafka Streams for every store that it opens. */
  public static final class Setter implements RocksDBConfigSetter {

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
      // Its thread would still write statistics while a JVM ends that could not close the stores,
      // and crash it.
      options.setStatsDumpPeriodSec(0);
      if (configs.get(KEY) instanceof RocksDbMemory memory) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers);
      }
    }

    @Override
    public void close(String store, Options options) {
      // The cache and the write buffers are shared: RocksDbMemory closes them.
    }
  }
}
