import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { RouteName } from "./settings.ts";

const countRow = z.object({ route: z.string(), calls: z.number() });

export type RequestCounts = ReturnType<typeof createRequestCounts>;

/** Counts the requests of each of Kard's calls, including those with injected faults. */
export function createRequestCounts(database: DatabaseSync) {
  const count = database.prepare(`
    INSERT INTO requests (route, calls) VALUES (?, 1) ON CONFLICT (route) DO UPDATE SET calls = calls + 1`);
  const select = database.prepare("SELECT route, calls FROM requests");
  const clear = database.prepare("DELETE FROM requests");

  return {
    count(route: RouteName) {
      count.run(route);
    },
    all(): Partial<Record<RouteName, number>> {
      return Object.fromEntries(
        select
          .all()
          .map((row) => countRow.parse(row))
          .map(({ route, calls }) => [route, calls]),
      );
    },
    clear() {
      clear.run();
    },
  };
}
