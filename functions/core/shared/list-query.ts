import * as z from "zod";

/**
 * Accepted variants of ISO 8601, as programming languages print them: a space for the `T`, no seconds, a short offset
 * (`+0200`, `+02`), or a space for a `+` that was not percent-encoded.
 */
const printedTime = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?:[Zz]|([ +-])(\d\d):?(\d\d)?)$/;

function asIso(text: string): string {
  return text.replace(printedTime, (_, date, minute, seconds = ":00", sign, offsetHours, offsetMinutes = "00") => {
    const offset = sign === undefined ? "Z" : `${sign === " " ? "+" : sign}${offsetHours}:${offsetMinutes}`;
    return `${date}T${minute}${seconds}${offset}`;
  });
}

const isoTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const notTime = "must be a date or time of ISO 8601, such as 2026-01-31 or 2026-01-31T09:00:00+02:00";

/** A time in a query as epoch milliseconds. A date means its start in UTC. */
export const queryTime = z
  .string(notTime)
  .overwrite(asIso)
  .refine((text) => isoTime.safeParse(text).success, notTime)
  .meta({
    anyOf: [
      { type: "string", format: "date-time" },
      { type: "string", format: "date" },
    ],
  })
  .transform((text) => Date.parse(text));

/** The maximum number of values of a parameter. */
export const maxValues = 20;

/** Several names, separated by commas. */
export function severalNames<const Name extends string>(names: readonly Name[]) {
  const one = `(${names.join("|")})`;
  return z
    .string()
    .regex(new RegExp(`^${one}(,${one}){0,${maxValues - 1}}$`), `must be some of ${names.join(", ")}, with commas only`)
    .transform((text) => text.split(",") as Name[]);
}

/** Several integers, separated by commas. Up to 15 digits, which a JSON number holds exactly. */
export const severalNumbers = z
  .string()
  .regex(
    new RegExp(`^-?\\d{1,15}(,-?\\d{1,15}){0,${maxValues - 1}}$`),
    `must be up to ${maxValues} numbers, with commas only`,
  )
  .transform((text) => text.split(",").map(Number));

const maxPerPage = 200;

/** The page size. Only plain digits are accepted. */
export const pageSize = z
  .preprocess(
    (text) => (typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : text),
    z
      .int("must be a whole number")
      .min(1, "must be 1 or more")
      .max(maxPerPage, `must be at most ${maxPerPage}`)
      .describe("The maximum number of items per page; 50 by default."),
  )
  .default(50);
