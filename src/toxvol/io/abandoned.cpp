#include "toxvol/io/abandoned.hpp"

#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {

void remove_abandoned(const std::filesystem::path& folder) {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator{folder, failure}) {
    if (!is_temporary(entry.path())) continue;
    const Descriptor file{::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.is_open() && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
      ::unlink(entry.path().c_str());
    }
  }
}

}  // namespace toxvol::io
