import * as z from "zod";

/** An event pattern of EventBridge: a list of accepted values for each field. Other comparisons are not modelled. */
export interface EventPattern {
  readonly [field: string]: readonly (string | number | boolean | null)[] | EventPattern;
}

export const eventPattern: z.ZodType<EventPattern> = z.lazy(() =>
  z.record(
    z.string(),
    z.union([z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1), eventPattern]),
  ),
);

/** Whether an event has one of the accepted values in each field of the pattern. */
export function matchesPattern(pattern: EventPattern, event: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([field, accepted]) => {
    const value = event[field];
    if (Array.isArray(accepted)) return [value].flat().some((one) => accepted.includes(one as string));
    const isObject = typeof value === "object" && value !== null;
    return isObject && matchesPattern(accepted as EventPattern, value as Readonly<Record<string, unknown>>);
  });
}
