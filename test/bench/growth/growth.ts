import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { type BenchKard, startBenchKard } from "../servers/bench-kard.ts";
import { whileRunning } from "../while-running.ts";
import { type Measured, measureOperations, type Operation } from "./measure-operations.ts";
import { seedTable } from "./seed-table.ts";

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const organizationId = "bench";
const unlimited = "1000000";

export interface GrowthStep {
  audits: number;
  open: number;
  operations: Record<Operation, Measured>;
}

/** Measures the same operations over more and more stored audits, on the embedded table of the local stack. */
export function benchGrowth(
  progress: (line: string) => void,
  largest = Number.POSITIVE_INFINITY,
): Promise<GrowthStep[]> {
  return whileRunning(async (running) => {
    const dataDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-growth-"));
    running.defer(() => rmSync(dataDir, { recursive: true, force: true }));
    const kard = await startBenchKard(0);
    running.defer(() => kard.stop());
    // Creates the table.
    let tracker = await startTracker(kard, dataDir);
    const steps: GrowthStep[] = [];
    let stored = 0;
    let open = 0;
    try {
      for (const audits of sizes.filter((size) => size <= largest)) {
        await tracker.stop();
        progress(`storing audits, to ${audits.toLocaleString("en")}`);
        const { TableName: tableName } = tracker.outputs;
        open += await seedTable({ dataDir, tableName, organizationId, first: stored, end: audits }, progress);
        stored = audits;
        tracker = await startTracker(kard, dataDir);
        const options = { audits, requestsAtKard: kard.requestsSeen, progress };
        steps.push({ audits, open, operations: await measureOperations(tracker, options) });
      }
    } finally {
      await tracker.stop();
    }
    return steps;
  });
}

function startTracker({ url }: BenchKard, dataDir: string) {
  return startLocalTracker({
    kard: {
      ...{ url, tokenUrl: `${url}/v2/auth/token`, tokenRequest: "form", sandbox: undefined },
      secret: { clientId: "bench", clientSecret: "bench", webhookKey: "bench" },
    },
    ...{ organizationId, port: 0, dataDir, tickSeconds: 36_000 },
    context: {
      ...{ pollPlan: JSON.stringify(deployedPlan), kardRequestsPerSecond: unlimited },
      ...{ callerRequestsPerSecond: unlimited, issuerRequestsPerSecond: unlimited },
    },
  });
}
