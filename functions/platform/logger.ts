import { Logger } from "@aws-lambda-powertools/logger";

/** The function's structured log: one JSON object per line. */
export const logger = new Logger();

/** Logs an error of work that stays in a lane or the outbox. */
export function reportError(error: unknown): void {
  logger.error("a step failed; a later run retries it", describe(error));
}

/** Logs a row that a list leaves out. */
export function reportUnreadable(error: unknown): void {
  logger.error("a row cannot be read and is left out", describe(error));
}

/** The loggable parts of an error: its name, message and stack. */
export function describe(error: unknown): { error: string; stack?: string | undefined } {
  return error instanceof Error
    ? { error: `${error.name}: ${error.message}`, stack: error.stack }
    : { error: "unknown" };
}
