import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { issueApiKey } from "../../../functions/core/access/api-key.ts";
import { bundleModule } from "../../../infra/constructs/function-bundle.ts";
import { percentile } from "../../../infra/local/demo/journeys.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";
import { type Environments, startEnvironments } from "../environments.ts";
import { measureRounds, middleOf } from "../median-round.ts";
import { type OneFunction, withOneFunction } from "../one-function.ts";
import { startBenchKard } from "../servers/bench-kard.ts";
import { createEvent } from "./create-event.ts";

const requestsPerRound = 100;
const environments = 2;
const organizationId = "bench";
const unlimited = "1000000";

/** The speed of a handler. Times are per request. */
export interface Speed {
  requestsPerSecond: number;
  p50ms: number;
  p99ms: number;
  /** CPU time of the function's thread, without the servers. */
  cpuMs: number;
}

export interface HandlerResult extends Speed {
  bare: Speed;
  /** Requests per second by those of the bare handler, in the median round. */
  ratio: number;
  /** The bare handler's CPU time by the function's. */
  cpuRatio: number;
  /** Calls of AWS for each request, by action. Both handlers make the same. */
  awsCalls: Record<string, number>;
}

interface Round {
  ratio: number;
  ours: Sample;
  bare: Sample;
  awsCalls: Record<string, number>;
}

interface Sample {
  ms: number;
  eachMs: number[];
  cpuMs: number;
}

/**
 * Creates audits through the bundled function, and through a bare handler that makes the same calls of the same servers
 * in the same run. Kard responds at once.
 */
export async function benchHandler(progress: (line: string) => void): Promise<HandlerResult> {
  const kard = await startBenchKard(0);
  const bareDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bare-"));
  const context = {
    ...{ kardApiUrl: kard.url, kardTokenUrl: `${kard.url}/v2/auth/token`, kardRequestsPerSecond: unlimited },
    ...{ callerRequestsPerSecond: unlimited, issuerRequestsPerSecond: unlimited },
  };
  try {
    bundleModule(join(import.meta.dirname, "bare-create.ts"), bareDir, "source-map");
    return await withOneFunction({ functionName: "AuditsApi", environments, context }, async (auditsApi) => {
      const apiKey = await storeApiKey(auditsApi);
      const moduleFile = join(bareDir, "index.mjs");
      const bare = startEnvironments({ moduleFile, exportName: "handler", env: auditsApi.env, count: environments });
      let number = 0;
      const create = async (handler: Pick<Environments, "invoke">) => {
        const events = Array.from({ length: requestsPerRound }, () =>
          createEvent({ organizationId, apiKey, transactionId: `txn-${number++}-${randomUUID()}` }),
        );
        await auditsApi.takeCounts();
        const { responses, ...sample } = await handler.invoke(events);
        const refused = responses.find((response) => !response.includes('"statusCode":201'));
        if (refused !== undefined) throw new Error(`a create was answered ${refused}`);
        return { sample, calls: (await auditsApi.takeCounts()).calls };
      };
      try {
        progress("creating audits through the bundled function and through a bare handler");
        const rounds = await measureRounds(0, async (): Promise<Round> => {
          const ofBare = await create(bare);
          const ours = await create(auditsApi);
          return {
            ratio: ofBare.sample.ms / ours.sample.ms,
            ...{ ours: ours.sample, bare: ofBare.sample, awsCalls: sameCalls(ours.calls, ofBare.calls) },
          };
        });
        const middle = middleOf(rounds);
        const ours = speedOf(rounds.map((round) => round.ours));
        const ofBare = speedOf(rounds.map((round) => round.bare));
        const cpuRatio = ofBare.cpuMs / ours.cpuMs;
        return { ...ours, bare: ofBare, ratio: middle.ratio, cpuRatio, awsCalls: middle.awsCalls };
      } finally {
        await bare.stop();
      }
    });
  } finally {
    kard.stop();
    rmSync(bareDir, { recursive: true, force: true });
  }
}

function speedOf(samples: readonly Sample[]): Speed {
  const eachMs = samples.flatMap((sample) => sample.eachMs);
  const median = (of: (sample: Sample) => number) => percentile(samples.map(of), 0.5);
  return {
    requestsPerSecond: (1_000 * requestsPerRound) / median(({ ms }) => ms),
    ...{ p50ms: percentile(eachMs, 0.5), p99ms: percentile(eachMs, 0.99) },
    cpuMs: median(({ cpuMs }) => cpuMs) / requestsPerRound,
  };
}

/**
 * Without the few calls of an environment for its caches: the key, the secret and the directory of issuers.
 *
 * @throws Error if the handlers do not make the same calls, because then the ratio says nothing
 */
function sameCalls(ours: Record<string, number>, bare: Record<string, number>): Record<string, number> {
  const forEach = (calls: Record<string, number>) =>
    Object.entries(calls)
      .map(([action, count]) => [action, Math.round((10 * count) / requestsPerRound) / 10] as const)
      .filter(([, count]) => count > 0)
      .toSorted(([one], [other]) => one.localeCompare(other));
  const [one, other] = [ours, bare].map((calls) => JSON.stringify(forEach(calls)));
  if (one !== other) throw new Error(`the function makes the calls ${one} for a request, the bare handler ${other}`);
  return Object.fromEntries(forEach(ours));
}

async function storeApiKey({ awsEndpoint: endpoint, tableName }: OneFunction): Promise<string> {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  const { text, apiKey } = issueApiKey(
    { organizations: [organizationId], scopes: ["audit:write"] },
    randomBytes,
    Date.now(),
  );
  await dynamoApiKeys(openTable(tableName, client)).create(apiKey);
  client.destroy();
  return text;
}
