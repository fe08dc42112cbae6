// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A tool ended with an error; the message is all the user needs to see.
final class CommandFailed extends RuntimeException {
  CommandFailed(String message) {
    super(message);
  }
}
