import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof signals)[number];

/** `npm run` repeats a signal that the terminal has already sent. A signal within this time is the same one. */
const sameSignalMs = 1_000;

/**
 * Runs a task. On a signal, it asks the task to stop, waits for it and keeps its result. A second signal ends the
 * program at once.
 *
 * @param note writes to standard error that the program is stopping
 * @param task gets a signal that is aborted when nothing new should start
 * @returns its result, and the exit code of an interrupted program: 128 plus the number of the signal, as in shells
 */
export async function interruptible<Result>(
  note: (text: string) => void,
  task: (stop: AbortSignal) => Promise<Result>,
): Promise<{ result: Result; interruptedCode: number | undefined }> {
  const stop = new AbortController();
  let interruptedCode: number | undefined;
  let interruptedAt = 0;
  const onSignal = (signal: Signal) => {
    const code = 128 + constants.signals[signal];
    if (interruptedCode === undefined) {
      interruptedCode = code;
      interruptedAt = performance.now();
      stop.abort();
      note("Stopping after the running requests. Interrupt again to end at once.");
    } else if (performance.now() - interruptedAt > sameSignalMs) process.exit(code);
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const result = await task(stop.signal);
    return { result, interruptedCode };
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
