package io.afina.backbone;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.afina.backbone.card.BackboneEngine;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options with which an engine loads a file. Held until it has loaded it, since ONNX Runtime's
 * part is native memory.
 *
 * @param session of ONNX Runtime, null for another engine
 * @param values as {@link ai.djl.Model#load(java.nio.file.Path, String, Map)} takes them
 */
record EngineOptions(OrtSession.@Nullable SessionOptions session, Map<String, ?> values)
    implements AutoCloseable {

  /**
   * Has quantized weights multiplied without overflow. Processors without VNNI add two products in
   * 16 bits, and the cosine of an int8 network's embedding to float32 fell from 0.99 to 0.92; the
   * others ignore it (onnxruntime_session_options_config_keys.h).
   */
  private static final String PRECISE = "session.x64quantprecision";

  static EngineOptions of(BackboneEngine engine, int threads) {
    return switch (engine) {
      // Frozen weights are constants, which only go to the device if they are loaded onto it.
      case PYTORCH -> new EngineOptions(null, Map.of("mapLocation", Boolean.toString(true)));
      case ONNX_RUNTIME -> onnxRuntime(threads);
    };
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }

  private static EngineOptions onnxRuntime(int threads) {
    OrtSession.SessionOptions session = new OrtSession.SessionOptions();
    try {
      session.setIntraOpNumThreads(threads);
      session.setInterOpNumThreads(threads);
      session.addConfigEntry(PRECISE, "1");
      session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      return new EngineOptions(session, Map.of("sessionOptions", session));
    } catch (OrtException e) {
      session.close();
      throw new AfinaException(
          ExitCode.BACKBONE,
          "ONNX Runtime refuses %d threads (%s): set backbone.engineThreads to 1"
              .formatted(threads, e.getMessage()),
          e);
    }
  }
}
