import { Token } from "aws-cdk-lib/core";
import type * as z from "zod";
import { followUpPatienceMs } from "../../functions/core/tracking/follow-up.ts";
import { fields } from "./config-fields.ts";
import { dueSoonProblem } from "./effective-poll-plan.ts";
import { stageDefaults } from "./stage-defaults.ts";

/** An audit must be kept while Kard is asked about its follow-up, in days after it is due. */
const followUpPatienceDays = followUpPatienceMs / (24 * 60 * 60_000);

const checked = fields.superRefine((config, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  if (config.domainName !== undefined && config.certificateArn === undefined)
    refuse("certificateArn", "must be given with domainName");
  if (config.account !== undefined && config.region === undefined) refuse("region", "must be given with account");
  if (config.account === undefined && config.region !== undefined) refuse("account", "must be given with region");
  if (config.domainName === undefined && config.certificateArn !== undefined)
    refuse("domainName", "must be given with certificateArn");
  if (config.domainName === undefined && config.mutualTls !== undefined)
    refuse("domainName", "must be given with mutualTls");
  if (config.account !== undefined && Object.values(config.targetAccounts).flat().includes(config.account))
    refuse("targetAccounts", "must not have the account of the deployment: an issuer could name its queues");
  for (const key of ["eventBus", "eventTopic"] as const) {
    const [, , , region] = config[key]?.split(":") ?? [];
    if (config.region !== undefined && region !== undefined && region !== config.region)
      refuse(key, "must be in the stack's region");
  }
  if (config.eventTopicKey !== undefined && (config.eventTopic ?? "new") === "new")
    refuse("eventTopicKey", "is for an existing eventTopic");
  if (config.network !== undefined && config.egress !== "internet")
    refuse("egress", "must be left out with network, which has its own egress");
  // Each poller and the interactive calls need at least one call per second.
  if (config.kardRequestsPerSecond < config.pollers + 1)
    refuse("kardRequestsPerSecond", `must be at least ${config.pollers + 1} with pollers=${config.pollers}`);
  const problem = dueSoonProblem(config);
  if (problem !== undefined) refuse("dueSoonDays", problem);
  const keptDays = config.auditRetentionDays ?? Number.POSITIVE_INFINITY;
  if (config.followUpAfterDays !== undefined && config.followUpAfterDays + followUpPatienceDays > keptDays)
    refuse("followUpAfterDays", `must be at least ${followUpPatienceDays} less than auditRetentionDays`);
  if (config.stage === "local") {
    if (config.egress !== "internet") refuse("egress", 'must be "internet" in the local stage');
    for (const key of ["network", "webhookTlsSecret"] as const)
      if (config[key] !== undefined) refuse(key, "is not available in the local stage");
    return;
  }
  for (const key of ["kardApiUrl", "kardTokenUrl"] as const) {
    if (!Token.isUnresolved(config[key]) && config[key]?.startsWith("https:") === false)
      refuse(key, "must be https outside the local stage");
  }
  if (config.identityProvider?.jwksUrl.startsWith("http:"))
    refuse("identityProvider", "jwksUrl must be https outside the local stage");
  if (config.webhookDnsServers !== undefined) refuse("webhookDnsServers", "is available only in the local stage");
  if (config.webhookTargets !== "public") refuse("webhookTargets", 'must be "public" outside the local stage');
});

const schema = checked.transform(({ kardTokenUrl, kardTokenRequest, ...config }) => ({
  ...config,
  kardTokenUrl: kardTokenUrl ?? `${config.kardApiUrl.replace(/\/+$/, "")}/v2/auth/token`,
  kardTokenRequest: kardTokenRequest ?? (kardTokenUrl === undefined ? ("json" as const) : ("form" as const)),
}));

/** The configuration of a deployment. */
export type Config = z.output<typeof schema>;

type ConfigOutcome = { outcome: "valid"; config: Config } | { outcome: "invalid"; reason: string };

const invalid = ({ issues }: z.ZodError): ConfigOutcome => ({
  outcome: "invalid",
  reason: issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
});

/** Keys of this app are plain words; CDK's context keys contain a `:`, a `/` or a `-`. */
const unknownKey = (context: Record<string, unknown>) =>
  Object.keys(context).find((key) => /^[A-Za-z]+$/.test(key) && !(key in fields.shape));

/** Reads the configuration from CDK's context. `invalid` lists the invalid values with reasons in one line. */
export function readConfig(context: Record<string, unknown>): ConfigOutcome {
  const unknown = unknownKey(context);
  if (unknown !== undefined) {
    return {
      outcome: "invalid",
      reason: `${unknown}: unknown key; known keys are ${Object.keys(fields.shape).join(", ")}`,
    };
  }
  const stage = fields.pick({ stage: true }).safeParse({ stage: context.stage ?? "dev" });
  if (!stage.success) return invalid(stage.error);
  const parsed = schema.safeParse({ ...stageDefaults[stage.data.stage], ...context, ...stage.data });
  return parsed.success ? { outcome: "valid", config: parsed.data } : invalid(parsed.error);
}

/**
 * Reads a configuration given in code instead of context.
 *
 * @throws Error that lists each invalid value with the reason
 */
export function validConfig(given: Partial<Config>): Config {
  const read = readConfig(given);
  if (read.outcome === "invalid") throw new Error(`Invalid configuration: ${read.reason}`);
  return read.config;
}
