#!/usr/bin/env python3
"""embed_page.py PAGE.html OUT.cpp: the page as a C++ source of src/toxvol/report."""

import pathlib
import re
import sys

PLACE = '"toxvol-run-data"'
DELIMITER = "toxvol_page"
CHUNK = 16_000  # characters: compilers need not take literals above 64 KiB


def source(page, text):
    if text.count(PLACE) != 1:
        raise SystemExit(f"{page}: {PLACE} must stand in it once")
    markup = re.sub(r"<script[\s\S]*?</script>", "", text)
    if re.search(r"\b(?:src|href)\s*=\s*[\"'](?!data:|#)", markup, re.IGNORECASE):
        raise SystemExit(f"{page}: refers to another file")
    if f'){DELIMITER}"' in text:
        raise SystemExit(f"{page}: contains the delimiter")
    chunks = [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]
    literals = "\n".join(f'R"{DELIMITER}({chunk}){DELIMITER}",' for chunk in chunks)
    return f"""// Made by scripts/embed_page.py from web/.
#include "toxvol/report/page.hpp"

#include <string>
#include <string_view>

namespace toxvol::report {{

std::string page() {{
  static constexpr std::string_view kChunks[] = {{
{literals}
  }};
  std::string text;
  for (const std::string_view chunk : kChunks) text += chunk;
  return text;
}}

}}  // namespace toxvol::report
"""


def main():
    page, out = map(pathlib.Path, sys.argv[1:])
    out.write_text(source(page, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
