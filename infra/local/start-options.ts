import { parseArgs } from "node:util";
import * as z from "zod";
import { StartUpError } from "./runner/template/start-up-error.ts";

export const startUsage = `npm start -- [options]

  --port N                 port of the API on 127.0.0.1 (default: 4000; 0 for any free port)
  --data DIR               where to store state (default: .local/data; "memory" stores nothing)
  --kard URL               use another Kard than the bundled sandbox; set KARD_CLIENT_ID, KARD_CLIENT_SECRET,
                           KARD_TOKEN_URL, KARD_TOKEN_REQUEST (form or json) and KARD_WEBHOOK_KEY for it
  --tick SECONDS           interval of the schedules that run every minute (default: 2)
  --watch                  bundle a function again when its sources change; the next invocation uses it
  --public-webhooks-only   refuse webhook URLs on this machine, as a deployed stack does
  --help                   print this help

KAT_DYNAMODB=local uses AWS's DynamoDB Local, which needs Java, instead of the embedded dynalite.
`;

const options = z.object({
  port: z.coerce.number("must be a number").int().min(0).max(65_535, "must be a port").default(4000),
  data: z.string().min(1, "must name a directory").default(".local/data"),
  kard: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  tick: z.coerce.number("must be a number of seconds").min(0.1, "must be at least 0.1 seconds").default(2),
  "public-webhooks-only": z.boolean().default(false),
  watch: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type StartOptions = z.output<typeof options>;

/** The additional context of the CDK app for these options. */
export function contextOfOptions(options: StartOptions): Record<string, string> {
  return {
    ...(options["public-webhooks-only"] && { webhookTargets: "public" }),
    // Another Kard gets the rate limit of a deployed stack.
    ...(options.kard !== undefined && { kardRequestsPerSecond: "50", kardArrivalSpreadMs: "250" }),
  };
}

/**
 * Reads the command line of `npm start`.
 *
 * @throws StartUpError in one line, for an unknown option or an invalid value
 */
export function readStartOptions(args: readonly string[]): StartOptions {
  const result = options.safeParse(parse(args));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new StartUpError(`--${issue?.path.join(".")}: ${issue?.message}`);
}

function parse(args: readonly string[]): Record<string, unknown> {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        data: { type: "string" },
        kard: { type: "string" },
        tick: { type: "string" },
        "public-webhooks-only": { type: "boolean" },
        watch: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error);
    throw new StartUpError(`${reason} (npm start -- --help lists the options)`);
  }
}
