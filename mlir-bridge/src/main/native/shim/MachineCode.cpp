// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kcc-c/Kcc.h"

#include "lld/Common/CommonLinkerContext.h"
#include "lld/Common/Driver.h"
#include "llvm-c/Core.h"
#include "llvm-c/Target.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CBindingWrapping.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <csetjmp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

using namespace llvm;

void kccInitializeTargets() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeX86AsmParser();
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  LLVMInitializeAMDGPUTargetInfo();
  LLVMInitializeAMDGPUTarget();
  LLVMInitializeAMDGPUTargetMC();
  LLVMInitializeAMDGPUAsmPrinter();
  LLVMInitializeAMDGPUAsmParser();
}

namespace {

std::string pathOf(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

/// An anonymous file in memory with the given contents, or -1.
int inMemory(MemoryBuffer *contents) {
  int descriptor = memfd_create("kcc-object", MFD_CLOEXEC);
  if (descriptor < 0)
    return -1;
  raw_fd_ostream stream(descriptor, /*shouldClose=*/false);
  stream << contents->getBuffer();
  stream.flush();
  if (stream.has_error()) {
    stream.clear_error();
    close(descriptor);
    return -1;
  }
  return descriptor;
}

/// Where to go instead of ending the process, while this thread is inside lld.
thread_local std::jmp_buf *insteadOfExit = nullptr;

/// Runs lld; false when it failed. On an input it finds malformed lld ends the process, which here is
/// turned into a failure like any other. What lld's frames held is lost then, but for its context.
bool runLld(ArrayRef<const char *> arguments, raw_ostream &report) {
  std::jmp_buf returnPoint;
  bool linked = false;
  if (setjmp(returnPoint) == 0) {
    insteadOfExit = &returnPoint;
    linked = lld::elf::link(arguments, report, report, /*exitEarly=*/false, /*disableOutput=*/false);
  } else {
    linked = false;
  }
  insteadOfExit = nullptr;
  lld::CommonLinkerContext::destroy();
  return linked;
}

} // namespace

// lld is linked with --wrap for these two (Shim.java): calls from its archives arrive here.
extern "C" void __real__ZN4llvm3sys7Process4ExitEib(int code, bool noCleanup);
extern "C" void __wrap__ZN4llvm3sys7Process4ExitEib(int code, bool noCleanup) {
  if (insteadOfExit)
    std::longjmp(*insteadOfExit, 1);
  __real__ZN4llvm3sys7Process4ExitEib(code, noCleanup);
}

// Called before the exit; it would take down the LLVM that the rest of the process uses.
extern "C" void __wrap__ZN4llvm13llvm_shutdownEv() {}

LLVMBool kccLinkElf(LLVMMemoryBufferRef *objects, unsigned objectCount, const char **options,
                    unsigned optionCount, LLVMMemoryBufferRef *image, char **message) {
  static std::mutex oneAtATime;
  std::lock_guard<std::mutex> lock(oneAtATime);
  *image = nullptr;
  *message = nullptr;

  std::vector<int> descriptors;
  scope_exit closeAll([&] {
    for (int descriptor : descriptors)
      close(descriptor);
  });

  // The image goes through a pipe, not into a file: for a regular output file LLVM installs signal
  // handlers of its own (to delete the file after a crash), and they displace those that the Java
  // machine needs for null checks and safepoints.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    *message = LLVMCreateMessage("cannot create a pipe");
    return true;
  }
  int readEnd = ends[0], writeEnd = ends[1];
  descriptors.push_back(readEnd);

  std::vector<std::string> words = {"ld.lld", "--threads=1", "-o", pathOf(writeEnd)};
  for (unsigned i = 0; i < optionCount; ++i)
    words.push_back(options[i]);
  for (unsigned i = 0; i < objectCount; ++i) {
    int descriptor = inMemory(unwrap(objects[i]));
    if (descriptor < 0) {
      close(writeEnd);
      *message = LLVMCreateMessage("cannot keep an object in memory");
      return true;
    }
    descriptors.push_back(descriptor);
    words.push_back(pathOf(descriptor));
  }
  std::vector<const char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(word.c_str());

  // Read while lld writes: a pipe holds only 64 kB.
  SmallString<0> bytes;
  std::thread reader([&] {
    char chunk[1 << 16];
    for (ssize_t count; (count = read(readEnd, chunk, sizeof chunk)) > 0;)
      bytes.append(chunk, chunk + count);
  });
  std::string reported;
  raw_string_ostream report(reported);
  bool linked = runLld(arguments, report);
  close(writeEnd);
  reader.join();

  if (!linked || bytes.empty()) {
    *message = LLVMCreateMessage(reported.empty() ? "ld.lld wrote no image" : reported.c_str());
    return true;
  }
  *image = wrap(MemoryBuffer::getMemBufferCopy(bytes, "image").release());
  return false;
}
