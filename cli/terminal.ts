import type { Api } from "./api.ts";
import { exitCode, Failure } from "./failure.ts";
import { interruptible } from "./interruption.ts";

/** The environment of the commands. */
export interface Terminal {
  /** @throws Failure (usage) if the connection is not configured */
  api(): Api;
  /** Prints a result: text for people, or the value as JSON. */
  print(value: unknown, text: string): void;
  /** Writes a note to standard error. */
  note(text: string): void;
  isJson(): boolean;
}

/**
 * Does something with each of several ids. One that is refused is reported and does not keep the others from it; after
 * any other failure, or a signal, either of which ends the program with its code, no more are tried.
 *
 * @returns what came of those that were done
 */
export async function forEachId<Result>(
  { note }: Pick<Terminal, "note">,
  ids: readonly string[],
  act: (id: string) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const { interruptedCode } = await interruptible(note, async (stop) => {
    for (const id of ids) {
      if (stop.aborted) return note(`Interrupted before ${id}`);
      try {
        results.push(await act(id));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        note(`${id}: ${error.message}`);
        process.exitCode = error.exitCode;
        if (error.exitCode !== exitCode.refused) return;
      }
    }
  });
  if (interruptedCode !== undefined) process.exitCode = interruptedCode;
  return results;
}
