#pragma once

#include <functional>
#include <memory>
#include <string>

#include "toxvol/jobs/study/elsewhere.hpp"

namespace toxvol::app {

/// The `toxvol` command: parses, runs one verb, prints, returns the exit code. For a process of its
/// own: it takes over SIGINT and SIGTERM. Shared by the program and by the wheel's `toxvol`.
/// `find_workers` gives those of --ray ADDRESS; without it that option is refused.
[[nodiscard]] int run_command(
    int argc, char** argv,
    std::function<std::shared_ptr<jobs::Elsewhere>(const std::string& address)> find_workers = {});

}  // namespace toxvol::app
