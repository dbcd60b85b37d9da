import { InvalidArgumentError } from "commander";
import { type EventName, eventName } from "../functions/core/events/events.ts";
import { queryTime } from "../functions/core/shared/list-query.ts";

/** A whole number of at least 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(text);
}

/** A number of at least 0. */
export function notNegative(text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It must be a number of at least 0.");
  return Number(text);
}

/** A point in time in the API's formats, as ISO 8601 in UTC. */
export function time(text: string): string {
  const given = queryTime.safeParse(text);
  if (given.success) return new Date(given.data).toISOString();
  throw new InvalidArgumentError("It must be a date or time, such as 2026-01-31 or 2026-01-31T09:00:00Z.");
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** An age such as `90m`, `12h`, `30d` or `4w`, in milliseconds. */
export function age(text: string): number {
  const [, count, unit = ""] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (unitMs === undefined) throw new InvalidArgumentError("It must be an age such as 90m, 12h, 30d or 4w.");
  return Number(count) * unitMs;
}

/** Collects the event names of repeated options. */
export function eventNames(value: string, former: EventName[] | undefined): EventName[] {
  const { data: name } = eventName.safeParse(value);
  if (name === undefined) throw new InvalidArgumentError(`It must be one of ${eventName.options.join(", ")}.`);
  return [...(former ?? []), name];
}

/** Event names, separated by commas. */
export function eventNameList(text: string): EventName[] {
  return text.split(",").reduce<EventName[]>((names, name) => eventNames(name.trim(), names), []);
}

/** A point in time, or an age such as `2h`, as ISO 8601 in UTC. */
export function timeOrAge(text: string): string {
  return /^\d{1,5}[mhdw]$/.test(text) ? new Date(Date.now() - age(text)).toISOString() : time(text);
}

/** The URL of a receiver. */
export function httpUrl(text: string): string {
  const { protocol } = URL.parse(text) ?? {};
  if (protocol === "http:" || protocol === "https:") return text;
  throw new InvalidArgumentError("It must be a URL such as http://localhost:3000/hooks.");
}
