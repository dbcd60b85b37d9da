import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { Failure } from "./failure.ts";

/** Which tracker is asked, as which issuer, and by what right. */
export interface Connection {
  /** Without a slash at the end. */
  url: string;
  key: string;
  organizationId: string;
}

const outputs = z.looseObject({
  ApiUrl: z.url(),
  OrganizationId: z.string().optional(),
  ApiKey: z.string().optional(),
  /** Only where the tracker runs on this machine. */
  SqsEndpoint: z.url().optional(),
  ResolutionsQueueUrl: z.url().optional(),
  KardUrl: z.url().optional(),
});

export type ReadOutputs = z.output<typeof outputs>;

/** Where `npm start` writes the outputs of the stack on this machine. */
const localOutputs = ".local/outputs.json";

/**
 * Reads what `cdk deploy --outputs-file` or `npm start` wrote.
 *
 * @throws Failure (usage) for a file that is not there or has not the outputs of exactly one tracker
 */
function readOutputs(file: string): ReadOutputs {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Failure("usage", `${file} is not there or not JSON`);
  }
  const candidates = [content, ...Object.values(Object(content))];
  const found = candidates.flatMap((candidate) => outputs.safeParse(candidate).data ?? []);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new Failure("usage", `${file} does not hold the outputs of one tracker`);
}

/** The outputs that are asked for, or else those of the stack on this machine, if it is there. */
export function givenOutputs(file: string | undefined): ReadOutputs | undefined {
  if (file !== undefined) return readOutputs(file);
  return existsSync(localOutputs) ? readOutputs(localOutputs) : undefined;
}

/**
 * Finds out whom to ask: each part from the environment, else from the outputs of a stack.
 *
 * @param outputsFile by default those of the stack on this machine, if it is there
 * @throws Failure (usage) naming what is missing
 */
export function findConnection(
  environment: Readonly<Record<string, string | undefined>>,
  outputsFile: string | undefined,
): Connection {
  const { ApiUrl, ApiKey, OrganizationId }: Partial<ReadOutputs> = givenOutputs(outputsFile) ?? {};
  const given = (name: string) => environment[name] || undefined;
  // A key of the stack on this machine must not go to whatever tracker the environment names.
  const ownUrl = given("KARD_AUDITS_URL");
  const url = (ownUrl ?? ApiUrl)?.replace(/\/+$/, "");
  const key = given("KARD_AUDITS_KEY") ?? (ownUrl === undefined ? ApiKey : undefined);
  const organizationId = given("KARD_AUDITS_ORGANIZATION") ?? (ownUrl === undefined ? OrganizationId : undefined);
  const missing = Object.entries({
    KARD_AUDITS_URL: url,
    KARD_AUDITS_KEY: key,
    KARD_AUDITS_ORGANIZATION: organizationId,
  }).flatMap(([name, value]) => (value === undefined ? name : []));
  if (url === undefined || key === undefined || organizationId === undefined) {
    throw new Failure("usage", `set ${missing.join(", ")}, or begin with npm start and run this beside it`);
  }
  if (!URL.canParse(url)) throw new Failure("usage", `KARD_AUDITS_URL is not a URL: ${url}`);
  return { url, key, organizationId };
}
