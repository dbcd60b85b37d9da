import { memoryTable } from "../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../support/dynamodb/stores-of-table.ts";
import { virtualTime } from "../../support/virtual-time.ts";
import { createCallers } from "./callers.ts";
import { createEndpoints, type Endpoint } from "./endpoints.ts";
import type { Surroundings } from "./functions.ts";
import { createHistory } from "./history.ts";
import { createInvocations, type Failure } from "./invocations.ts";
import { createKard } from "./kard/kard.ts";
import { createOutside, type Fault, newWorker } from "./outside.ts";
import { createQueues } from "./queues.ts";
import { tableOf } from "./table-calls.ts";
import { tableDefinition } from "./table-definition.ts";
import { createTargets } from "./targets.ts";
import { createTriggers } from "./triggers.ts";

export const noon = Date.UTC(2026, 2, 14, 12);

export type World = ReturnType<typeof createWorld>;

/** The whole system in one process: the real logic and adapters with a faulty table, queues, Kard and endpoints. */
export function createWorld(faults: readonly Fault[] = [], hasTargets = false) {
  const time = virtualTime(noon);
  const outside = createOutside(time, faults);
  const rows = memoryTable(tableDefinition());
  const history = createHistory(rows.rows);
  rows.onWrite = history.onWrite;
  let ids = 0;
  const failures: Failure[] = [];
  const surroundings: Surroundings = {
    ...{ time, outside, rows, random: () => 0.5, nextId: () => ++ids },
    queues: createQueues(time.clock),
    kard: createKard(time),
    endpoints: createEndpoints(time),
    targets: createTargets(),
    hasTargets,
    organizations: [],
    reportError: (error) => void failures.push({ name: "a step", error }),
  };
  /** The stores without faults, for setup and checks. */
  const stores = storesOf(tableOf(createOutside(time), rows, newWorker()));
  const invocations = createInvocations(surroundings, history, failures);
  const { invoke, insist } = invocations;

  return {
    ...surroundings,
    ...{ history, failures, stores, invoke, insist, wait: time.sleep },
    /** The last secret that an owner received. */
    rotatedTo: undefined as string | undefined,
    /** Replays of a scenario: the subscription, and how many webhooks it had received. */
    replayed: undefined as { endpoint: Endpoint; after: number } | undefined,
    ...createCallers(surroundings, stores, invocations),
    ...createTriggers(surroundings, invocations, history, failures),
  };
}
