package io.afina.backbone;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes NVIDIA's driver and its GPUs as this process sees them, whichever engine could use them
 * (CUDA driver API: {@code CUDA_VISIBLE_DEVICES} counts).
 *
 * @param version of CUDA that it is for, such as {@code 12.8}; empty without a driver
 * @param missing why there is no GPU, or empty
 */
public record CudaDriver(String version, List<Gpu> gpus, String missing) {

  private static final String NONE = "NVIDIA's driver finds none";

  /** CUDA_ERROR_NO_DEVICE. */
  private static final int NO_DEVICE = 100;

  private static final int NAME_BYTES = 256;

  /**
   * A GPU.
   *
   * @param memoryBytes all of its memory, free or not
   */
  public record Gpu(String name, long memoryBytes) {}

  /** Asks it; without one, there are no GPUs. */
  public static CudaDriver ask() {
    String file = Platform.isWindows() ? "nvcuda" : "libcuda.so.1";
    try {
      return ask(NativeLibrary.getInstance(file));
    } catch (LinkageError e) {
      return new CudaDriver(
          "", List.of(), "no driver of NVIDIA's: %s is not found".formatted(file));
    }
  }

  private static CudaDriver ask(NativeLibrary driver) {
    IntByReference version = new IntByReference();
    call(driver, "cuDriverGetVersion", version);
    String number = "%d.%d".formatted(version.getValue() / 1000, version.getValue() % 1000 / 10);
    int failure = call(driver, "cuInit", 0);
    if (failure != 0) {
      return new CudaDriver(
          number,
          List.of(),
          failure == NO_DEVICE ? NONE : "NVIDIA's driver does not start: CUDA error " + failure);
    }
    IntByReference count = new IntByReference();
    call(driver, "cuDeviceGetCount", count);
    List<Gpu> gpus = new ArrayList<>();
    for (int n = 0; n < count.getValue(); n++) {
      gpus.add(gpu(driver, n));
    }
    return new CudaDriver(number, List.copyOf(gpus), gpus.isEmpty() ? NONE : "");
  }

  private static Gpu gpu(NativeLibrary driver, int number) {
    IntByReference device = new IntByReference();
    byte[] name = new byte[NAME_BYTES];
    LongByReference memory = new LongByReference();
    call(driver, "cuDeviceGet", device, number);
    call(driver, "cuDeviceGetName", name, name.length, device.getValue());
    call(driver, "cuDeviceTotalMem_v2", memory, device.getValue());
    return new Gpu(
        new String(name, StandardCharsets.UTF_8).replaceAll("\0.*", ""), memory.getValue());
  }

  private static int call(NativeLibrary driver, String function, Object... arguments) {
    return driver.getFunction(function).invokeInt(arguments);
  }
}
