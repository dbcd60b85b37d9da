import type { Api, ApiTiming } from "../api/api.ts";
import { checkIds } from "../api/routes.ts";
import { exitCode, Failure } from "../failure.ts";
import { interruptible } from "../interruption.ts";

/** The environment of the commands. */
export interface Terminal {
  /**
   * @param timing changes to the usual timing of requests
   * @throws Failure (usage) if the connection is not configured
   */
  api(timing?: Partial<ApiTiming>): Api;
  /** Prints a result: text for people, or the value as JSON. */
  print(value: unknown, text: string): void;
  /** Prints one result of many, in one line: text for people, or the value as JSON. */
  printLine(value: unknown, text: string): void;
  /** Writes a note to standard error. */
  note(text: string): void;
  isJson(): boolean;
}

/**
 * Processes several ids. A refused id is reported and does not stop the others. Any other failure, or a signal, stops
 * and sets the exit code.
 *
 * @returns the results of the successful ids
 * @throws Failure (usage) if one cannot be an id, before any is processed
 */
export async function forEachId<Result>(
  { note }: Pick<Terminal, "note">,
  ids: readonly string[],
  act: (id: string) => Promise<Result>,
): Promise<Result[]> {
  checkIds(ids);
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
