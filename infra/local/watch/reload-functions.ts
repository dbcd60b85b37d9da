import { join } from "node:path";
import { isBundledFrom } from "./bundle-sources.ts";

/** A function that runs, and the folder of its sources under `functions/`. */
export interface ReloadableFunction {
  readonly id: string;
  readonly folder: string;
  /** Where its bundle is. */
  readonly bundle: string;
}

/** What reloading needs. */
export interface ReloadParts {
  readonly functions: readonly ReloadableFunction[];
  /** Folder for new bundles. */
  readonly outputFolder: string;
  /** Throws if the function does not build. */
  readonly bundle: (folder: string, outputFolder: string) => Promise<void>;
  /** Makes later invocations of a function use a bundle. */
  readonly replaceCode: (id: string, bundle: string) => void;
  readonly print: (line: string) => void;
  readonly clock: () => number;
}

/**
 * Gives a handler of changed files. It bundles the functions that contain them, and says what changed. A function that
 * does not build keeps its previous code. Changes outside `functions/` need a restart.
 */
export function createReload(parts: ReloadParts): (paths: readonly string[]) => Promise<void> {
  const { outputFolder, bundle, replaceCode, print, clock } = parts;
  const bundles = new Map(parts.functions.map((fn) => [fn.id, fn.bundle]));
  /** Functions that did not build. Any change of a function may repair them. */
  const broken = new Set<string>();
  let reloads = 0;
  let previous = Promise.resolve();

  async function rebuild({ id, folder }: ReloadableFunction, reload: number): Promise<boolean> {
    const built = join(outputFolder, String(reload), folder);
    try {
      await bundle(folder, built);
    } catch {
      broken.add(id);
      print(`${folder} does not build: its previous code stays in use`);
      return false;
    }
    broken.delete(id);
    bundles.set(id, built);
    replaceCode(id, built);
    return true;
  }

  async function reload(paths: readonly string[]): Promise<void> {
    const others = paths.filter((path) => !path.startsWith("functions/"));
    if (others.length > 0) print(`${others.join(", ")} changed: restart to use it`);
    const sources = paths.filter((path) => path.startsWith("functions/"));
    if (sources.length === 0) return;
    const startedAt = clock();
    const affected = parts.functions.filter(
      ({ id }) => broken.has(id) || sources.some((path) => isBundledFrom(bundles.get(id) ?? "", path)),
    );
    reloads += 1;
    const names: string[] = [];
    for (const fn of affected) if (await rebuild(fn, reloads)) names.push(fn.folder);
    if (names.length > 0) print(`reloaded ${names.join(", ")} in ${Math.round(clock() - startedAt)} ms`);
  }

  return (paths) => {
    previous = previous.then(() => reload(paths)).catch((error: unknown) => print(`cannot reload: ${error}`));
    return previous;
  };
}
