#pragma once

namespace toxvol::app {

/// The `toxvol` command: parses, runs one verb, prints, returns the exit code. For a process of its
/// own: it takes over SIGINT and SIGTERM. Shared by the program and by the wheel's `toxvol`.
[[nodiscard]] int run_command(int argc, char** argv);

}  // namespace toxvol::app
