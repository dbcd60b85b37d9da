import { afterAll, expect } from "@jest/globals";
import type { KardSandbox } from "../../../infra/local/kard-sandbox/kard-sandbox.ts";
import type { SandboxAudit } from "../../../infra/local/kard-sandbox/state/audits.ts";
import { type LocalKard, startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { type LocalTracker, type LocalTrackerOptions, startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { timesLonger } from "../../../infra/local/runner/lambda/machine-load.ts";
import { createFaults, type Faults } from "../../support/stack-instruments/faults.ts";
import { createGrantUsage } from "../../support/stack-instruments/grant-usage.ts";
import { recordGrants } from "./grants/recorded-grants.ts";
import { copySharedAssembly } from "./grants/shared-assembly.ts";
import { type Issuer, issuerOf, issuerWith, type KeyGrant } from "./issuer.ts";
import { consumeResolutions, type Resolutions } from "./resolutions.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhooks/webhook-receiver.ts";

export interface Product extends Pick<LocalTracker, "outputs" | "stack"> {
  /** Faults to inject into the functions' AWS calls. */
  faults: Faults;
  kard: KardSandbox;
  /** The issuer with a subscription to Kard's pushes. */
  owner: Issuer;
  /** Another issuer. Default: a new one with all scopes. */
  newIssuer(grant?: KeyGrant): Promise<Issuer>;
  resolutions: Resolutions;
  newWebhookReceiver(): Promise<WebhookReceiver>;
  /** Kard's audits of a transaction. */
  auditsAtKard(transactionId: string): SandboxAudit[];
}

export interface ProductOptions {
  tickSeconds?: number;
  push?: boolean;
  /** Puts another Kard in front of the sandbox. */
  inFront?: (kard: LocalKard) => Promise<LocalKard>;
  synthesize?: NonNullable<LocalTrackerOptions["synthesize"]>;
  context?: Readonly<Record<string, string>>;
}

/** Schedules do not fire during a test. */
export const never = 600;

/** On a busy machine, a call can miss the product's own time limits. The product logs that and retries. */
const isLimitOfBusyMachine = (line: string) => timesLonger() > 1 && /"error":"(AbortError|TimeoutError): /.test(line);
const isDefect = (line: string) => line.includes('"level":"ERROR"') && !isLimitOfBusyMachine(line);

/**
 * Starts the whole product in memory for a test file, and stops it afterwards. It fails if the product made a call that
 * AWS would refuse or freeze, or logged an error.
 */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const organizationId = "organization-123";
  const { inFront = async (kard) => kard, tickSeconds = 2, push = true, synthesize = copySharedAssembly } = options;
  const sandbox = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const { sandbox: kard } = sandbox;
  if (kard === undefined) throw new Error("the sandbox did not start");
  const faults = createFaults();
  const grantUsage = createGrantUsage();
  const tracker = await startLocalTracker({
    hooks: { chooseFault: faults.strike, onAllowed: grantUsage.note },
    ...{
      kard: await inFront(sandbox),
      organizationId,
      port: 0,
      dataDir: undefined,
      tickSeconds,
      push,
      synthesize,
    },
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const { outputs, stack } = tracker;
  const resolutions = consumeResolutions(outputs);
  const receivers: WebhookReceiver[] = [];

  afterAll(async () => {
    await resolutions.stop();
    await tracker.stop();
    recordGrants(stack, grantUsage.grants(stack.roles), expect.getState().testPath ?? "");
    await kard.stop();
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    expect([...new Set(stack.violations.map(({ kind, message }) => `${kind}: ${message}`))]).toEqual([]);
    expect(stack.logs.map(({ line }) => line).filter(isDefect)).toEqual([]);
  });

  return {
    ...{ outputs, stack, faults, kard, resolutions },
    owner: issuerWith(outputs.ApiUrl, organizationId, outputs.ApiKey),
    auditsAtKard: (transactionId) => kard.audits().filter(({ request }) => request.transactionId === transactionId),
    newIssuer: (grant) => issuerOf(outputs, grant),
    async newWebhookReceiver() {
      const receiver = await startWebhookReceiver();
      receivers.push(receiver);
      return receiver;
    },
  };
}
