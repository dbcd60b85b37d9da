import { watch } from "node:fs";
import { join } from "node:path";

/** An editor writes a file in several steps. */
const settleMs = 50;

const isSource = (path: string) => /\.(tsx?|css|svg|json)$/.test(path);

/**
 * Watches folders, and reports the source files that were written, created or deleted, several at a time.
 *
 * @param onChange receives paths relative to `root`, with slashes
 */
export function watchFiles(
  root: string,
  folders: readonly string[],
  onChange: (paths: readonly string[]) => void,
): { stop(): void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const report = () => {
    const paths = [...changed].sort();
    changed.clear();
    onChange(paths);
  };
  const watchers = folders.map((folder) =>
    watch(join(root, folder), { recursive: true }, (_, name) => {
      if (name === null || !isSource(name)) return;
      changed.add(join(folder, name).replaceAll("\\", "/"));
      clearTimeout(timer);
      timer = setTimeout(report, settleMs);
    }),
  );
  return {
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
