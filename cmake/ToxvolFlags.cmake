# Options, flags and the two helpers that make a room and its tests.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

option(TOXVOL_WARNINGS_AS_ERRORS "Fail the build on a warning" ON)
option(TOXVOL_BUILD_TESTS "Build tests/" ON)
option(TOXVOL_BUILD_BENCHMARKS "Build bench/" OFF)
option(TOXVOL_BUILD_FUZZERS "Build fuzz/ (clang only)" OFF)
option(TOXVOL_BUILD_PYTHON "Build python/" OFF)
option(TOXVOL_UNITY "Compile a room's files together: a third of the time" OFF)
set(TOXVOL_TEST_SHARDS 0 CACHE STRING
  "Run each test program in so many processes; 0: one process a test")
set(TOXVOL_SANITIZE "" CACHE STRING "Comma-separated -fsanitize= list, empty for none")

find_program(TOXVOL_CCACHE ccache)
mark_as_advanced(TOXVOL_CCACHE)
if(TOXVOL_CCACHE)
  # Paths relative to the checkout: another clone of the same sources then is a hit.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${TOXVOL_CCACHE}")
endif()

add_library(toxvol_flags INTERFACE)
# Results are bytes: no contraction, no fast maths, in any build.
target_compile_options(toxvol_flags INTERFACE -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  # g++ 12 sees overlapping memcpy in `"text" + std::string` (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # A type of one .cpp is not one of a header, as g++ takes it where files are compiled together.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${TOXVOL_UNITY}>>:-Wno-subobject-linkage>
  $<$<BOOL:${TOXVOL_WARNINGS_AS_ERRORS}>:-Werror>)
if(TOXVOL_SANITIZE)
  target_compile_options(toxvol_flags INTERFACE
    -fsanitize=${TOXVOL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(TOXVOL_SANITIZE MATCHES "address")
    # Asks of each access what the compiler knows of the object's size, which the address sanitizer
    # asks of the memory itself; it took a fifth of clang's time.
    target_compile_options(toxvol_flags INTERFACE -fno-sanitize=object-size)
  endif()
  target_link_options(toxvol_flags INTERFACE -fsanitize=${TOXVOL_SANITIZE})
endif()

# What is tested has the flags of the build; the tests themselves need not be fast. With sanitizers
# a file of tests takes clang three times as long with -O1 as without; tests that run for long (LONG)
# have it all the same.
add_library(toxvol_test_flags INTERFACE)
target_link_libraries(toxvol_test_flags INTERFACE toxvol_flags)
target_compile_options(toxvol_test_flags INTERFACE $<$<CONFIG:Release>:-O1>)
if(TOXVOL_SANITIZE)
  target_compile_options(toxvol_test_flags INTERFACE
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:TOXVOL_LONG_TESTS>>>:-O0>)
endif()

# Rooms that are called once a command or once a run, and not for each row: with sanitizers they have
# no optimisation either. A release build has it everywhere: in jobs and study the engine's templates meet
# a strategy, and with -O1 there the engine took a fifth to a third more instructions.
set(TOXVOL_SELDOM_CALLED run config study explain evaluate report jobs app)

# toxvol_add_module(name HEADERS … SOURCES … DEPENDS …): the room src/toxvol/<name>, paths relative
# to it. SOURCES may be absent (headers only).
function(toxvol_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    set(arg_SOURCES "${PROJECT_SOURCE_DIR}/cmake/empty.cpp")
  endif()
  # x.cpp includes x.hpp first (scripts/check_layers.py), so such a header is compiled alone there,
  # but for TOXVOL_UNITY.
  # The other headers are by the target all_verify_interface_header_sets.
  set(with_source ${arg_HEADERS})
  set(alone "")
  foreach(header IN LISTS arg_HEADERS)
    string(REGEX REPLACE "hpp$" "cpp" source "${header}")
    if(NOT source IN_LIST arg_SOURCES)
      list(APPEND alone "${header}")
      list(REMOVE_ITEM with_source "${header}")
    endif()
  endforeach()
  add_library(toxvol_${name} STATIC ${arg_SOURCES})
  target_sources(toxvol_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/src" FILES ${alone}
    FILE_SET with_source TYPE HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/src" FILES ${with_source})
  add_library(toxvol::${name} ALIAS toxvol_${name})
  set_target_properties(toxvol_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON
    UNITY_BUILD ${TOXVOL_UNITY} UNITY_BUILD_BATCH_SIZE 0 INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
  target_link_libraries(toxvol_${name} PUBLIC ${arg_DEPENDS} PRIVATE toxvol_flags)
  if(TOXVOL_SANITIZE AND name IN_LIST TOXVOL_SELDOM_CALLED)
    target_compile_options(toxvol_${name} PRIVATE -O0)
  endif()
endfunction()

# Every test program and what it needs, without the command; those that use threads; the slow ones.
add_custom_target(toxvol_all_tests)
add_custom_target(toxvol_threads_tests)
add_custom_target(toxvol_slow_tests)

# toxvol_add_tests(name SOURCES … DEPENDS … [LABEL unit|slow|threads] [LONG]): the executable
# toxvol_<name>_tests.
function(toxvol_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LONG" "LABEL" "SOURCES;DEPENDS")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(toxvol_${name}_tests ${arg_SOURCES})
  target_include_directories(toxvol_${name}_tests PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(toxvol_${name}_tests PRIVATE
    TOXVOL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(toxvol_${name}_tests PROPERTIES
    UNITY_BUILD ${TOXVOL_UNITY} UNITY_BUILD_BATCH_SIZE 0 TOXVOL_LONG_TESTS ${arg_LONG})
  # g++ takes a name of a neighbour file for one that is hidden; clang, which does not, asks all the same.
  if(TOXVOL_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set_target_properties(toxvol_${name}_tests PROPERTIES
      UNITY_BUILD_CODE_BEFORE_INCLUDE "#pragma GCC diagnostic ignored \"-Wshadow\"")
  endif()
  target_link_libraries(toxvol_${name}_tests PRIVATE ${arg_DEPENDS} GTest::gtest_main
    toxvol_test_flags)
  add_dependencies(toxvol_all_tests toxvol_${name}_tests)
  if(NOT arg_LABEL STREQUAL unit)
    add_dependencies(toxvol_${arg_LABEL}_tests toxvol_${name}_tests)
  endif()
  if(TOXVOL_TEST_SHARDS EQUAL 0)
    gtest_discover_tests(toxvol_${name}_tests PROPERTIES LABELS ${arg_LABEL} DISCOVERY_TIMEOUT 60)
    return()
  endif()
  math(EXPR last "${TOXVOL_TEST_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${name}.${shard} COMMAND toxvol_${name}_tests --gtest_brief=1)
    set_tests_properties(${name}.${shard} PROPERTIES LABELS ${arg_LABEL}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${TOXVOL_TEST_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()
