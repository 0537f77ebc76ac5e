#include "toxvol/app/command_line.hpp"

int main(int argc, char** argv) {
  return toxvol::app::run_command(argc, argv);
}
