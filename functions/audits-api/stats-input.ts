import * as z from "zod";
import { queryTime } from "../core/shared/list-query.ts";

/** The period of figures, which begins and ends with days of UTC. */
export const statsQuery = z
  .strictObject({
    "filter[after]": queryTime.describe("The first day; 29 days before the last one by default.").optional(),
    "filter[before]": queryTime.describe("The figures end before this day; today by default.").optional(),
  })
  .transform((query) => ({ since: query["filter[after]"], before: query["filter[before]"] }));

export type StatsPeriod = z.output<typeof statsQuery>;
