package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksDbMemoryTest {

  private static final long BYTES = 16_000_000;
  private static final int RECORDS = 30_000;
  private static final int RECORD_BYTES = 2_000;

  @Test
  void shouldHoldNoMoreThanItWasGivenHoweverMuchIsStored(@TempDir Path folder) throws Exception {
    // given
    RocksDbMemory memory = new RocksDbMemory(BYTES);
    try (memory;
        Options options = new Options().setCreateIfMissing(true)) {
      options.setTableFormatConfig(new BlockBasedTableConfig());
      new RocksDbMemory.Setter().setConfig("store", options, memory.settings());
      try (RocksDB store = RocksDB.open(options, folder.toString())) {

        // when
        writeAndRead(store);

        // then
        assertThat(memory.used()).isBetween(BYTES / 2, BYTES);
        assertThat(memory.pinned()).isLessThan(memory.used());
      }
    }
    assertThat(memory.used()).isZero();
    assertThat(memory.pinned()).isZero();
  }

  private static void writeAndRead(RocksDB store) throws RocksDBException {
    byte[] value = new byte[RECORD_BYTES];
    Random random = new Random(1);
    for (int i = 0; i < RECORDS; i++) {
      random.nextBytes(value);
      store.put(key(i), value);
    }
    try (FlushOptions flush = new FlushOptions()) {
      store.flush(flush);
    }
    for (int i = 0; i < RECORDS; i++) {
      assertThat(store.get(key(i))).hasSize(RECORD_BYTES);
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
