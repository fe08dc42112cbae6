// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayList;
import java.util.List;
import kcc.launcher.Device;
import kcc.launcher.Device.LoadedKernel;
import kcc.launcher.ElementType;
import kcc.launcher.Image;
import kcc.launcher.Manifest;

/** The variants of one kernel on a device, in the order in which they are to be tried. */
final class LoadedVariants implements AutoCloseable {
  private final List<Image> images;
  private final List<LoadedKernel> loaded = new ArrayList<>();

  LoadedVariants(Device device, List<Image> images) {
    this.images = List.copyOf(images);
    try {
      images.forEach(image -> loaded.add(device.load(image)));
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  List<Image> images() {
    return images;
  }

  /** The variant that takes most. */
  Image general() {
    return images.get(images.size() - 1);
  }

  LoadedKernel loaded(Image image) {
    return loaded.get(images.indexOf(image));
  }

  /** What addresses of a parameter have to be multiples of. */
  long alignment(String parameter, ElementType type) {
    for (Manifest.Parameter known : general().manifest().parameters()) {
      if (known.name().equals(parameter)) {
        if (known instanceof Manifest.TensorParameter tensor) {
          return Math.max(tensor.alignment(), type.bytes());
        } else if (known instanceof Manifest.PointerParameter pointer) {
          return Math.max(pointer.alignment(), type.bytes());
        }
      }
    }
    return type.bytes();
  }

  @Override
  public void close() {
    loaded.forEach(LoadedKernel::close);
  }
}
