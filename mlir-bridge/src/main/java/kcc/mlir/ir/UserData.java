// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/// What a C callback gets as its `void *userData`: a number that stands for a Java object.
///
/// JavaCPP allows ten live instances of a callback class (the eleventh is silently null), so every callback type has
/// one static instance, and this number leads it to the object it works for.
public final class UserData extends Pointer {
  private static final AtomicLong NEXT = new AtomicLong(1);
  private static final ConcurrentHashMap<Long, Object> LIVE = new ConcurrentHashMap<>();

  private UserData(long id) {
    address = id;
  }

  /// A number for `object`, valid until [#release].
  public static UserData of(Object object) {
    long id = NEXT.getAndIncrement();
    LIVE.put(id, object);
    return new UserData(id);
  }

  /// The object behind the pointer that a callback was given.
  public static <T> T object(Pointer userData, Class<T> type) {
    return type.cast(LIVE.get(userData.address()));
  }

  public void release() {
    LIVE.remove(address);
  }
}
