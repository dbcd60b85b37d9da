import { Logger } from "@aws-lambda-powertools/logger";

/** The function's structured log: one JSON object a line. */
export const logger = new Logger();

/** Logs an error that ends nothing: a lane or the outbox still has the work. */
export function reportError(error: unknown): void {
  logger.error("a step failed and is left to a later run", describe(error));
}

/** What may be logged of an error: its kind and message, never what it carries. */
export function describe(error: unknown): { error: string; stack?: string | undefined } {
  return error instanceof Error
    ? { error: `${error.name}: ${error.message}`, stack: error.stack }
    : { error: "unknown" };
}
