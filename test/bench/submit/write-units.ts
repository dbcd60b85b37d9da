import { request } from "undici";
import { startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { createCapacityMeter } from "../../support/stack-instruments/capacity-meter.ts";

const audits = 50;
const organizationId = "bench";

/** Counts on the local stack the write units that AWS would charge for a create, with the table's indexes. */
export async function countWriteUnits(): Promise<number> {
  const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000, push: false },
    hooks: { meterCapacity: createCapacityMeter },
  });
  const { outputs, stack } = tracker;
  const create = async (transactionId: string) => {
    const attributes = { transactionId, auditCode: 3006, merchantName: "Caribbean Goodness", auditDescription: "none" };
    const { statusCode, body } = await request(`${outputs.ApiUrl}/v2/issuers/${organizationId}/users/user-1/audits`, {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${outputs.ApiKey}`, "content-type": "application/json" },
        "idempotency-key": transactionId,
      },
      body: JSON.stringify({ data: [{ type: "audit", attributes }] }),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`a create was answered ${statusCode}: ${text}`);
  };
  try {
    // The first create also writes the directory of issuers and the day of the key's last use.
    await create("warm-up");
    stack.clearCalls();
    for (let number = 0; number < audits; number++) await create(`txn-${number}`);
    const usage = stack.usage().filter(({ caller }) => caller !== "operator");
    return usage.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / audits;
  } finally {
    await tracker.stop();
    await kard.sandbox?.stop();
  }
}
