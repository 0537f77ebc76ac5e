# The wheel carries the two libraries of Arrow that it is linked to, under names of their own: whatever
# pyarrow a program imports beside toxvol, the loader then takes neither for the other.
# Sets arrow_library and parquet_library to the copies, and TOXVOL_ARROW_COPIES to both.
find_program(TOXVOL_PATCHELF patchelf REQUIRED)
set(TOXVOL_ARROW_COPIES "")
foreach(name arrow parquet)
  cmake_path(GET ${name}_library FILENAME original)
  string(REPLACE "lib${name}" "libtoxvol_${name}" renamed "${original}")
  set(copy "${PROJECT_BINARY_DIR}/carried/${renamed}")
  configure_file("${${name}_library}" "${copy}" COPYONLY)
  execute_process(COMMAND "${TOXVOL_PATCHELF}" --set-soname "${renamed}" "${copy}"
    COMMAND_ERROR_IS_FATAL ANY)
  set(${name}_original "${original}")
  set(${name}_renamed "${renamed}")
  set(${name}_library "${copy}")
  list(APPEND TOXVOL_ARROW_COPIES "${copy}")
endforeach()
execute_process(COMMAND "${TOXVOL_PATCHELF}"
  --replace-needed "${arrow_original}" "${arrow_renamed}" "${parquet_library}"
  COMMAND_ERROR_IS_FATAL ANY)
