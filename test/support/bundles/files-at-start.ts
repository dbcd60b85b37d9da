import { readFileSync } from "node:fs";
import { join } from "node:path";

/** `import … from "./x.mjs"` and `import "./x.mjs"` of a minified module, but not `import("./x.mjs")`. */
const staticImport = /(?:\bfrom|\bimport)\s*"\.\/([^"]+\.mjs)"/g;

/** The files of a function's bundle that are loaded when it starts, with their sizes in bytes. */
export function filesAtStart(folder: string): Map<string, number> {
  const sizes = new Map<string, number>();
  const add = (file: string) => {
    if (sizes.has(file)) return;
    const text = readFileSync(join(folder, file), "utf8");
    sizes.set(file, Buffer.byteLength(text));
    for (const [, imported = ""] of text.matchAll(staticImport)) add(imported);
  };
  add("index.mjs");
  return sizes;
}

/** How many bytes of a function's bundle are loaded when it starts. */
export function bytesAtStart(folder: string): number {
  return [...filesAtStart(folder).values()].reduce((sum, size) => sum + size, 0);
}
