# Everything from Debian's packages, but Arrow: that is the pyarrow wheel of the project's own
# virtual environment (docs/decisions/002-arrow-from-the-wheel.md). Nothing is downloaded here.
find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
# Debian ships no usable CMake package for these two. Static, and not exported again: the Python module
# then needs neither on the machine that it is installed on.
function(toxvol_find_library target header library)
  find_path(${target}_include "${header}" REQUIRED)
  find_library(${target}_library "${library}" REQUIRED)
  cmake_path(GET ${target}_library FILENAME file)
  add_library(${target}::${target} STATIC IMPORTED)
  set_target_properties(${target}::${target} PROPERTIES IMPORTED_LOCATION "${${target}_library}"
    INTERFACE_INCLUDE_DIRECTORIES "${${target}_include}"
    INTERFACE_LINK_OPTIONS "LINKER:--exclude-libs,${file}")
endfunction()
toxvol_find_library(xxhash xxhash.h libxxhash.a)
toxvol_find_library(minizip minizip/unzip.h libminizip.a)
target_link_libraries(minizip::minizip INTERFACE ZLIB::ZLIB)

# Of this one Debian has the shared library alone; a wheel carries it.
find_path(isal_include isa-l/igzip_lib.h REQUIRED)
find_library(isal_library isal REQUIRED)
add_library(isal::isal SHARED IMPORTED)
set_target_properties(isal::isal PROPERTIES IMPORTED_LOCATION "${isal_library}"
  INTERFACE_INCLUDE_DIRECTORIES "${isal_include}")

if(TOXVOL_BUILD_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(TOXVOL_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# Targets arrow::arrow and arrow::parquet, linked by full path: the wheel has no CMake package.
set(TOXVOL_PYTHON "${PROJECT_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH
  "The interpreter whose pyarrow provides Arrow")
set(TOXVOL_PYARROW_VERSION 26.0.1)
execute_process(
  COMMAND "${TOXVOL_PYTHON}" -c
    "import os, pyarrow as p; i = p.cpp_build_info; d = p.get_library_dirs()[0]; f = lambda n: os.path.join(d, f'lib{n}.so.{i.so_version}'); print(';'.join([p.__version__, p.get_include(), f('arrow'), f('parquet')]), end='')"
  OUTPUT_VARIABLE arrow_facts RESULT_VARIABLE arrow_status ERROR_VARIABLE arrow_error)
if(NOT arrow_status EQUAL 0)
  message(FATAL_ERROR "No pyarrow in ${TOXVOL_PYTHON}: run 'make setup'. ${arrow_error}")
endif()
list(GET arrow_facts 0 arrow_version)
list(GET arrow_facts 1 arrow_include)
list(GET arrow_facts 2 arrow_library)
list(GET arrow_facts 3 parquet_library)
if(NOT arrow_version STREQUAL TOXVOL_PYARROW_VERSION)
  message(FATAL_ERROR
    "pyarrow ${arrow_version} in ${TOXVOL_PYTHON}, wanted ${TOXVOL_PYARROW_VERSION}: run 'make setup'")
endif()
# One path, whatever environment it comes from: to ccache, pip's build of the wheel then is the
# release build once more.
file(CREATE_LINK "${arrow_include}" "${PROJECT_BINARY_DIR}/arrow-include" SYMBOLIC)
set(arrow_include "${PROJECT_BINARY_DIR}/arrow-include")
if(SKBUILD)
  include(ToxvolCarriedArrow)
endif()
add_library(arrow::arrow SHARED IMPORTED)
set_target_properties(arrow::arrow PROPERTIES IMPORTED_LOCATION "${arrow_library}"
  INTERFACE_INCLUDE_DIRECTORIES "${arrow_include}")
add_library(arrow::parquet SHARED IMPORTED)
set_target_properties(arrow::parquet PROPERTIES IMPORTED_LOCATION "${parquet_library}"
  INTERFACE_INCLUDE_DIRECTORIES "${arrow_include}" INTERFACE_LINK_LIBRARIES arrow::arrow)
