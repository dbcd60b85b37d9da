import { useState } from "preact/hooks";
import { messageOf } from "./use-load.ts";

export interface Action {
  isRunning: boolean;
  error: string | undefined;
  /** Runs a change. Nothing is shown as done before the server has said so. */
  run: (change: () => Promise<void>) => Promise<void>;
}

/** The state of a change that the reader has asked for. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<string | undefined>(undefined);
  return {
    isRunning,
    error,
    async run(change) {
      if (isRunning) return;
      setRunning(true);
      setError(undefined);
      try {
        await change();
      } catch (failure) {
        setError(messageOf(failure));
      } finally {
        setRunning(false);
      }
    },
  };
}
