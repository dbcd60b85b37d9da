import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of the console as they were bundled. */
export interface ConsoleFiles {
  /** The HTML page, which names the other files. */
  page: string;
  /** The other files, compressed with gzip, by names that contain a hash of their content. */
  assets: ReadonlyMap<string, Buffer>;
}

/**
 * Reads the console's files at the first call, so that other requests do not wait for them.
 *
 * @param folder the folder that `bundleConsole` has written
 * @throws if the folder is missing
 */
export function openConsoleFiles(folder: string): () => ConsoleFiles {
  let files: ConsoleFiles | undefined;
  return () => {
    files ??= {
      page: readFileSync(join(folder, "index.html"), "utf8"),
      assets: new Map(
        readdirSync(folder)
          .filter((name) => name.endsWith(".gz"))
          .map((name) => [name.slice(0, -".gz".length), readFileSync(join(folder, name))]),
      ),
    };
    return files;
  };
}
