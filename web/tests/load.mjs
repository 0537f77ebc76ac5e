// Modules of src/ without their types, for Node.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

/** Imports the last of `names`; those before it are what it needs. */
export async function load(...names) {
  const folder = mkdtempSync(join(tmpdir(), "toxvol-web-"));
  for (const name of names) {
    const source = readFileSync(new URL(`../src/${name}.ts`, import.meta.url), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(
      join(folder, `${name}.mjs`),
      outputText.replace(/from "(\.\/\w+)"/g, 'from "$1.mjs"'),
    );
  }
  return import(pathToFileURL(join(folder, `${names.at(-1)}.mjs`)).href);
}
