import { Presets, SingleBar } from "cli-progress";

/** A progress bar, shown only on a terminal. */
export function progressOf(what: string, total: number): { step: () => void; stop: () => void } {
  if (!process.stdout.isTTY) return { step: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}, {eta_formatted} left` }, Presets.shades_classic);
  bar.start(total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop() };
}
