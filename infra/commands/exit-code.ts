import { printNote } from "./output.ts";
/**
 * Runs an operator's command. Prints an error as one line on standard error.
 *
 * @returns the command's exit code, or 1 after an error
 */
export async function exitCodeOf(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    printNote(reasonOf(error));
    return 1;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  return message.includes("ECONNREFUSED")
    ? `${message}: is the stack running? On this machine, npm start runs it`
    : message;
}
