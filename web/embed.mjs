// embed.mjs PAGE.html OUT.cpp: the page as a C++ source of src/toxvol/report.
import { readFileSync, writeFileSync } from "node:fs";

const [page, out] = process.argv.slice(2);
const text = readFileSync(page, "utf8");
const place = '"toxvol-run-data"';
if (text.split(place).length !== 2) throw new Error(`${page}: ${place} must stand in it once`);
if (/\b(?:src|href)\s*=\s*["'](?!data:|#)/i.test(text.replace(/<script[\s\S]*?<\/script>/g, ""))) {
  throw new Error(`${page}: refers to another file`);
}

const delimiter = "toxvol_page";
if (text.includes(`)${delimiter}"`)) throw new Error(`${page}: contains the delimiter`);
const chunks = []; // compilers need not take literals above 64 KiB
let chunk = "";
for (const character of text) {
  chunk += character;
  if (chunk.length >= 16000) {
    chunks.push(chunk);
    chunk = "";
  }
}
chunks.push(chunk);
writeFileSync(
  out,
  `// Made by web/embed.mjs from web/.
#include "toxvol/report/page.hpp"

#include <string>
#include <string_view>

namespace toxvol::report {

std::string page() {
  static constexpr std::string_view kChunks[] = {
${chunks.map((part) => `R"${delimiter}(${part})${delimiter}",`).join("\n")}
  };
  std::string text;
  for (const std::string_view chunk : kChunks) text += chunk;
  return text;
}

}  // namespace toxvol::report
`,
);
