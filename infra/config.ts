import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Token } from "aws-cdk-lib/core";
import { z } from "zod";
import { identityProvider } from "../functions/core/access/identity-provider.ts";
import { privateTarget } from "../functions/core/subscriptions/private-targets.ts";
import { pollPlan } from "../functions/core/tracking/poll-plan.ts";
import { arn, days, existingNetwork, fromText, principal, url } from "./config-values.ts";
import { stageDefaults } from "./stage-defaults.ts";

const fields = z.object({
  stage: z.enum(["prod", "dev", "local"]),
  /** Where the stack goes: both, or whatever account and region the shell is set up for. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be a 12-digit account id")
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as eu-west-1")
    .optional(),
  /** Tags of all resources. */
  tags: fromText(z.record(z.string(), z.string(), 'must be JSON such as {"owner":"payments"}')).default({}),
  /** Kard's API, without a path. */
  kardApiUrl: url,
  /** Where Kard's OAuth 2.0 token is fetched. */
  kardTokenUrl: url,
  /** Kard's rate limit for one credential: no second has more calls by it, all functions together. */
  kardRequestsPerSecond: fromText(z.number().positive()).default(50),
  /** The share of that limit for calls made on request or for a push from Kard; the pollers divide the rest. */
  interactiveShare: fromText(z.number().gt(0).lt(1)).default(0.2),
  /**
   * How far the delays of interactive calls on their way to Kard may differ, in milliseconds: 200 for clocks and the
   * network, the rest for functions that are slow to start a call. A larger value makes fewer calls.
   */
  kardArrivalSpreadMs: fromText(z.int().min(210)).default(250),
  /** How many pollers share the eight shards of a lane. */
  pollers: fromText(z.literal([1, 2, 4, 8])).default(1),
  /** When an open audit is looked at. */
  pollPlan: fromText(pollPlan),
  /** Where webhooks may go. */
  webhookTargets: z.enum(["public", "public-and-loopback"]),
  /** The ports that webhook URLs may name. */
  webhookPorts: fromText(
    z.array(z.int().min(1).max(65_535), "must be a JSON list of ports such as [443,8443]").min(1),
  ).default([443]),
  /** Private hosts and blocks of addresses (CIDR) that webhooks may go to as well. */
  privateWebhookTargets: fromText(
    z.array(privateTarget, 'must be a JSON list such as ["10.20.0.0/16","hooks.corp.example"]'),
  ).default([]),
  /** The ARN of a secret with a client certificate for webhooks and with further authorities of receivers. */
  webhookTlsSecret: arn("secretsmanager", "a secret, its six characters included").optional(),
  /** The name servers that resolve webhooks' hosts, as address:port, in the local stage; the system's by default. */
  webhookDnsServers: fromText(z.array(z.string(), 'must be a JSON list such as ["127.0.0.1:5353"]').optional()),
  /** How many requests a second a caller (an API key, or the subject of identity tokens) may make, over ten seconds. */
  callerRequestsPerSecond: fromText(z.number().min(0.1)).default(100),
  /**
   * How many requests a second all callers of an issuer may make together, over ten seconds; and Kard, pushes about
   * it.
   */
  issuerRequestsPerSecond: fromText(z.number().min(0.1)).default(200),
  /** How many requests a second the API takes from all together; twice as many at once. */
  apiRequestsPerSecond: fromText(z.int().min(1)).default(500),
  /**
   * The same for each route that needs no key, apart from the others: health, console, OpenAPI document, unknown
   * paths.
   */
  anonymousRequestsPerSecond: fromText(z.int().min(1)).default(20),
  /** The same for Kard's pushes, apart from the others. */
  pushRequestsPerSecond: fromText(z.int().min(1)).default(500),
  /** The most invocations at once of each function behind the API, reserved for it: none unless it is said here. */
  apiConcurrency: fromText(z.int().min(1).optional()),
  /** SHA-256 of the `x-origin-secret` that requests must carry; two with a comma between them while it is rotated. */
  originSecretSha256: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/, "must be a SHA-256 in hexadecimal, or several with commas between them")
    .optional(),
  /** Whose identity tokens (JWT) are taken beside API keys: nobody's unless it is said here. */
  identityProvider: fromText(identityProvider.optional()),
  /** How many batches of deliveries run at once, and how many of those owed to slow endpoints. */
  deliveryConcurrency: fromText(z.int().min(2).max(1000)).default(50),
  slowDeliveryConcurrency: fromText(z.int().min(2).max(1000)).default(10),
  logRetentionDays: fromText(z.enum(RetentionDays, "must be a number of days that CloudWatch Logs offers")).default(
    RetentionDays.ONE_MONTH,
  ),
  /** How many days a settled audit is kept, with its Idempotency-Key: for good unless it is said here. */
  auditRetentionDays: days,
  /** How many days the record of a delivered webhook is kept: for good unless it is said here. */
  notificationRetentionDays: days,
  /**
   * A name of your own for the API, such as audits.example.com, with the ARN of its ACM certificate in the same
   * region.
   */
  domainName: z.hostname("must be a host name").optional(),
  certificateArn: arn("acm", "an ACM certificate").optional(),
  /** How calls go out: from Lambda's own changing addresses, or through NAT gateways whose addresses stay. */
  egress: z.enum(["internet", "static-ips"]).default("internet"),
  /** An existing VPC for all functions, by its subnets. */
  network: fromText(existingNetwork.optional()),
  /** What becomes of the table, the key, the secret and the logs when the stack is deleted. */
  removalPolicy: z.enum(["retain", "destroy"]),
  /** Gets all alarms by e-mail. For other receivers, subscribe them to the topics. */
  alarmEmail: z.email("must be an e-mail address").optional(),
  /** Whether resolutions that nobody consumes for a day set off an alarm. Not for an owner who uses webhooks alone. */
  resolutionsAgeAlarm: fromText(z.boolean()).default(true),
  /** How many Lambda functions may run at once in the account and region; an alarm warns at 80 %. */
  accountConcurrency: fromText(z.int().min(10)).default(1000),
  /** Where on-call finds docs/runbook.md. Alarms link to their section of it. */
  runbookUrl: z.string().min(1).default("docs/runbook.md"),
  /** Whether logs, functions' environments and alarm topics are encrypted with the key, too. */
  encryptAll: fromText(z.boolean()).default(false),
  /** The name of a table that a tracker made before, and the ARNs of a key and a secret, to use instead of new ones. */
  existingTable: z.string().min(3).optional(),
  existingKey: arn("kms", "a KMS key").optional(),
  existingSecret: arn("secretsmanager", "a secret, its six characters included").optional(),
  /** Accounts and roles outside the stack that may consume the resolutions queue. */
  resolutionsConsumers: fromText(z.array(principal, 'must be a JSON list such as ["111122223333"]')).default([]),
});

const schema = fields.superRefine((config, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  if (config.domainName !== undefined && config.certificateArn === undefined)
    refuse("certificateArn", "must be given with domainName");
  if (config.account !== undefined && config.region === undefined) refuse("region", "must be given with account");
  if (config.account === undefined && config.region !== undefined) refuse("account", "must be given with region");
  if (config.domainName === undefined && config.certificateArn !== undefined)
    refuse("domainName", "must be given with certificateArn");
  if (config.network !== undefined && config.egress !== "internet")
    refuse("egress", "must be left out with network, which has its own way out");
  // A poller and the interactive calls have a call a second each at least.
  if (config.kardRequestsPerSecond < config.pollers + 1)
    refuse("kardRequestsPerSecond", `must be at least ${config.pollers + 1} with pollers=${config.pollers}`);
  if (config.stage === "local") {
    if (config.egress !== "internet") refuse("egress", 'must be "internet" in the local stage');
    for (const key of ["network", "webhookTlsSecret"] as const)
      if (config[key] !== undefined) refuse(key, "is not for the local stage");
    return;
  }
  for (const key of ["kardApiUrl", "kardTokenUrl"] as const) {
    if (!Token.isUnresolved(config[key]) && !config[key].startsWith("https:"))
      refuse(key, "must be https outside the local stage");
  }
  if (config.identityProvider?.jwksUrl.startsWith("http:"))
    refuse("identityProvider", "jwksUrl must be https outside the local stage");
  if (config.webhookDnsServers !== undefined) refuse("webhookDnsServers", "is for the local stage alone");
  if (config.webhookTargets !== "public") refuse("webhookTargets", 'must be "public" outside the local stage');
});

/** Everything about the deployment that can be chosen. */
export type Config = z.output<typeof schema>;

type ConfigOutcome = { outcome: "valid"; config: Config } | { outcome: "invalid"; reason: string };

const invalid = ({ issues }: z.ZodError): ConfigOutcome => ({
  outcome: "invalid",
  reason: issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
});

/** A plain word is one of ours; CDK's own context keys carry a `:`, a `/` or a `-`. */
const unknownKey = (context: Record<string, unknown>) =>
  Object.keys(context).find((key) => /^[A-Za-z]+$/.test(key) && !(key in fields.shape));

/** Reads the configuration from CDK's context; `invalid` says in one line which values are wrong and why. */
export function readConfig(context: Record<string, unknown>): ConfigOutcome {
  const unknown = unknownKey(context);
  if (unknown !== undefined) {
    return { outcome: "invalid", reason: `${unknown}: no such key; there are ${Object.keys(fields.shape).join(", ")}` };
  }
  const stage = fields.pick({ stage: true }).safeParse({ stage: context.stage ?? "dev" });
  if (!stage.success) return invalid(stage.error);
  const parsed = schema.safeParse({ ...stageDefaults[stage.data.stage], ...context, ...stage.data });
  return parsed.success ? { outcome: "valid", config: parsed.data } : invalid(parsed.error);
}

/**
 * A configuration that is given in code rather than as context.
 *
 * @throws Error naming each value that is wrong, and why
 */
export function validConfig(given: Partial<Config>): Config {
  const read = readConfig(given);
  if (read.outcome === "invalid") throw new Error(`The configuration is wrong. ${read.reason}`);
  return read.config;
}
