import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildOptions } from "esbuild";

/** A file of a bundle. */
export interface BuiltFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

const sources = join(import.meta.dirname, "../../functions/console");

/**
 * Bundles the console for browsers: `index.html`, and the script, the styles and the icon compressed with gzip, under
 * names that contain a hash of their content.
 */
export function bundleConsole(outputFolder: string): void {
  // A published package contains the bundle and has no esbuild.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync(consoleBuild(outputFolder));
  mkdirSync(outputFolder, { recursive: true });
  for (const { path, contents } of consoleFiles(outputFiles, outputFolder)) writeFileSync(path, contents);
}

/** The options of esbuild for `bundleConsole`. */
export function consoleBuild(outdir: string) {
  return {
    entryPoints: ["main.tsx", "styles.css", "icon.svg"].map((name) => join(sources, name)),
    outdir,
    entryNames: "[name]-[hash]",
    write: false,
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2022",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    logLevel: "error",
  } satisfies BuildOptions;
}

/** The console's files, from those of esbuild. */
export function consoleFiles(built: readonly BuiltFile[], outdir: string): BuiltFile[] {
  const nameOf = (extension: string) =>
    built.map(({ path }) => basename(path)).find((name) => name.endsWith(extension)) ?? "";
  const index = Buffer.from(page(nameOf(".js"), nameOf(".css"), nameOf(".svg")));
  return [
    ...built.map(({ path, contents }) => ({ path: `${path}.gz`, contents: gzipSync(contents, { level: 9 }) })),
    { path: join(outdir, "index.html"), contents: index },
  ];
}

/** The paths are relative to `/console`, so the page also works behind a proxy that adds a prefix. */
function page(script: string, styles: string, icon: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Audit tracker</title>
<link rel="icon" type="image/svg+xml" href="console/${icon}">
<link rel="stylesheet" href="console/${styles}">
<script type="module" src="console/${script}"></script>
</head>
<body>
<noscript>The console needs JavaScript.</noscript>
</body>
</html>
`;
}
