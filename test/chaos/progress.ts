import { Presets, SingleBar } from "cli-progress";

/** A bar that shows how far something has come; where nobody watches, nothing is shown. */
export function progressOf(what: string, total: number): { step: () => void; stop: () => void } {
  if (!process.stdout.isTTY) return { step: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}, {eta_formatted} left` }, Presets.shades_classic);
  bar.start(total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop() };
}
