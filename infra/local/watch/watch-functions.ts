import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBundle } from "../bundle-cache.ts";
import type { LocalStack } from "../runner/local-stack-type.ts";
import { createReload } from "./reload-functions.ts";
import { watchFiles } from "./watch-files.ts";

const checkout = join(import.meta.dirname, "../../..");

/** Bundles a function of the stack again whenever its sources change, until stopped. */
export function watchFunctions(stack: LocalStack, print: (line: string) => void): { stop(): void } {
  const outputFolder = mkdtempSync(join(tmpdir(), "kard-audit-tracker-watch-"));
  const reload = createReload({
    // Each function logs as the folder of its sources.
    functions: stack.functions.map(({ id, taskRoot, variables }) => ({
      ...{ id, bundle: taskRoot, folder: variables.POWERTOOLS_SERVICE_NAME ?? "" },
    })),
    ...{ outputFolder, bundle: writeBundle, replaceCode: stack.replaceCode },
    ...{ print, clock: () => performance.now() },
  });
  const watcher = watchFiles(checkout, ["functions", "infra", "stages"], (paths) => void reload(paths));
  return {
    stop() {
      watcher.stop();
      rmSync(outputFolder, { recursive: true, force: true });
    },
  };
}
