import { escapeControls } from "../../functions/core/shared/text.ts";

/** Prints a result on standard output. Terminals obey none of its characters. */
export function printResult(text: string): void {
  console.log(escapeControls(text));
}

/** Prints anything that is not the result, on standard error. */
export function printNote(text: string): void {
  console.error(escapeControls(text));
}
