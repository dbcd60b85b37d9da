import { InvalidArgumentError } from "commander";

/** A whole number of 1 or more. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of 1 or more.");
  return Number(text);
}

/** A number that is not negative. */
export function notNegative(text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It must be a number, 0 or more.");
  return Number(text);
}

/** A point in time, as ISO 8601 in UTC. */
export function time(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError("It must be a time, such as 2026-01-31 or 2026-01-31T09:00:00Z.");
  return new Date(ms).toISOString();
}

/** Adds up an option that may be given several times. */
export function several(value: string, former: string[] | undefined): string[] {
  return [...(former ?? []), value];
}
