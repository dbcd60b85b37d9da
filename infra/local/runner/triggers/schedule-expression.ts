import { StartUpError } from "../template/start-up-error.ts";

/** When a schedule fires: at a fixed interval, or in every matching minute. */
export type ScheduleExpression =
  | { readonly kind: "rate"; readonly intervalMs: number }
  | { readonly kind: "cron"; readonly matches: (at: Date) => boolean };

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const names = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const dayNames = "SUN MON TUE WED THU FRI SAT".split(" ");

/**
 * Reads `rate(…)` or `cron(…)` in UTC. Source: AWS, EventBridge Scheduler, schedule types.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws StartUpError for anything else, including `at(…)` and the cron wildcards L, W and #.
 */
export function parseScheduleExpression(expression: string, where: string): ScheduleExpression {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const intervalMs = Number(value) * (unitMs[unit ?? ""] ?? Number.NaN);
  if (intervalMs > 0) return { kind: "rate", intervalMs };
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(" ");
  if (fields?.length !== 6) throw new StartUpError(`${where}: the schedule ${expression} is not modelled`);
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = fields;
  const tests: [test: (value: number) => boolean, part: (at: Date) => number][] = [
    [field(minute, 0, 59, where), (at) => at.getUTCMinutes()],
    [field(hour, 0, 23, where), (at) => at.getUTCHours()],
    [field(day, 1, 31, where), (at) => at.getUTCDate()],
    [field(named(month, names), 1, 12, where), (at) => at.getUTCMonth() + 1],
    [field(named(weekday, dayNames), 1, 7, where), (at) => at.getUTCDay() + 1],
    [field(year, 1970, 2199, where), (at) => at.getUTCFullYear()],
  ];
  return { kind: "cron", matches: (at) => tests.every(([test, part]) => test(part(at))) };
}

function named(text: string, all: readonly string[]): string {
  return text.toUpperCase().replace(/[A-Z]{3}/g, (name) => String(all.indexOf(name) + 1));
}

function field(text: string, lowest: number, highest: number, where: string): (value: number) => boolean {
  const ranges = text.split(",").map((part) => {
    const [, all, from, to, step] = /^(?:([*?])|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (all === undefined && from === undefined)
      throw new StartUpError(`${where}: the cron field ${text} is not modelled`);
    const start = from === undefined ? lowest : Number(from);
    const end = to === undefined ? (from === undefined || step !== undefined ? highest : start) : Number(to);
    return { start, end, step: Number(step ?? 1) };
  });
  return (value) =>
    ranges.some(({ start, end, step }) => value >= start && value <= end && (value - start) % step === 0);
}
