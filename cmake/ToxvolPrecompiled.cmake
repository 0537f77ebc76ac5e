# What many rooms and tests include and is dear to read (docs/testing.md).
if(NOT TOXVOL_PRECOMPILE)
  return()
endif()
# A precompiled header is for one set of definitions: every room has those of fmt.
target_compile_definitions(toxvol_flags INTERFACE
  $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
set(often <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <filesystem> <fstream>
  <functional> <map> <memory> <optional> <set> <span> <string> <string_view> <system_error> <tuple>
  <utility> <variant> <vector> <nlohmann/json.hpp>)
toxvol_precompile(room DEPENDS toxvol_flags nlohmann_json::nlohmann_json fmt::fmt CLI11::CLI11
  HEADERS ${often} <fmt/format.h> <CLI/CLI.hpp>)
set_target_properties(toxvol_room_pch PROPERTIES POSITION_INDEPENDENT_CODE ON)
if(TOXVOL_BUILD_TESTS)
  toxvol_precompile(test DEPENDS toxvol_test_flags nlohmann_json::nlohmann_json GTest::gtest
    HEADERS ${often} <gtest/gtest.h>)
endif()
