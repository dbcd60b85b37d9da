import Table from "cli-table3";
import { type Journey, percentile, rowOf } from "./journeys.ts";

/** A table of all disputes, and how long queue and webhook took after Kard had closed them. */
export function describeJourneys(journeys: readonly Journey[]): string[] {
  // 120 columns including the borders.
  const table = new Table({
    head: ["Transaction", "Merchant", "Resolution", "to queue", "to webhook"],
    colAligns: ["left", "left", "left", "right", "right"],
    colWidths: [16, 24, 52, 10, 12],
    style: { head: [], border: [], compact: true },
  });
  table.push(...journeys.map(rowOf));
  return [
    `\n${table}`,
    ...describeDelays(
      "queue",
      delays(journeys, ({ queueAt }) => queueAt),
    ),
    ...describeDelays(
      "webhook",
      delays(journeys, ({ webhookAt }) => webhookAt),
    ),
  ];
}

function delays(journeys: readonly Journey[], of: (journey: Journey) => number | undefined): number[] {
  return journeys.flatMap((journey) => {
    const at = of(journey);
    return at === undefined || journey.closedByKardAt === undefined ? [] : [at - journey.closedByKardAt];
  });
}

function describeDelays(place: string, values: readonly number[]): string[] {
  if (values.length === 0) return [];
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  return [`From Kard's closing to the ${place}: p50 ${p50} ms, p99 ${p99} ms`];
}
