package io.afina.backbone;

import io.afina.lifecycle.TemporaryFolder;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the libraries that ONNX Runtime unpacked for this process. Once loaded they are not
 * needed, and it deletes them only when the process ends by itself, and leaves their folder even
 * then.
 */
final class OnnxRuntimeFiles {

  private static final Logger LOG = LoggerFactory.getLogger(OnnxRuntimeFiles.class);

  private OnnxRuntimeFiles() {}

  /** Needs that it is loaded. Its folder is in a private field only; without that they stay. */
  static void delete() {
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      field.setAccessible(true);
      if (field.get(null) instanceof Path folder && folder.toFile().exists()) {
        TemporaryFolder.delete(folder);
      }
    } catch (ReflectiveOperationException | IOException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("ONNX Runtime's files stay until the process ends");
    }
  }
}
