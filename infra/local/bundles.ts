import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionFolders, functionSources, trackerFunctions } from "../constructs/function-bundle.ts";
import { cachedBundle } from "./bundle-cache.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

/** Bundles a tracker's functions before it is known which an assembly needs. `addBundles` reports failures. */
export function bundleAhead(): Map<string, Promise<string>> {
  const bundles = trackerFunctions.map((folder) => [folder, cachedBundle(folder)] as const);
  for (const [, bundle] of bundles) bundle.catch(() => undefined);
  return new Map<string, Promise<string>>(bundles);
}

/**
 * Copies the bundles of its functions into an assembly that was synthesized without bundling.
 *
 * @throws StartUpError in one line, if a function does not build
 */
export async function addBundles(assembly: string, bundles: Map<string, Promise<string>>): Promise<void> {
  for (const name of readdirSync(assembly).filter((file) => file.endsWith(".assets.json"))) {
    const file = join(assembly, name);
    let assets = readFileSync(file, "utf8");
    for (const folder of functionFolders) {
      const sources = JSON.stringify(functionSources(folder));
      if (!assets.includes(sources)) continue;
      const bundle = await (bundles.get(folder) ?? cachedBundle(folder)).catch((error: Error) => {
        throw new StartUpError(
          `the function ${folder} does not build: ${error.message.split("\n")[1] ?? error.message}`,
        );
      });
      cpSync(bundle, join(assembly, `bundle.${folder}`), { recursive: true });
      assets = assets.replaceAll(sources, JSON.stringify(`bundle.${folder}`));
    }
    writeFileSync(file, assets);
  }
}
