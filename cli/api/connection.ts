import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { Failure } from "../failure.ts";

/** The tracker's URL, the issuer and the API key. */
export interface Connection {
  /** Without a trailing slash. */
  url: string;
  key: string;
  organizationId: string;
}

const outputs = z.looseObject({
  ApiUrl: z.url(),
  OrganizationId: z.string().optional(),
  ApiKey: z.string().optional(),
  /** Only if the tracker runs on this machine. */
  SqsEndpoint: z.url().optional(),
  ResolutionsQueueUrl: z.url().optional(),
  KardUrl: z.url().optional(),
});

export type ReadOutputs = z.output<typeof outputs>;

/** The outputs file of `npm start`. */
const localOutputs = ".local/outputs.json";

/**
 * Reads the outputs file of `cdk deploy --outputs-file` or `npm start`.
 *
 * @throws Failure (usage) if the file is missing or does not have the outputs of exactly one tracker
 */
function readOutputs(file: string): ReadOutputs {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Failure("usage", `${file} is missing or not JSON`);
  }
  const candidates = [content, ...Object.values(Object(content))];
  const found = candidates.flatMap((candidate) => outputs.safeParse(candidate).data ?? []);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new Failure("usage", `${file} does not contain the outputs of exactly one tracker`);
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** Whether requests to a URL, with their key, can be read in the network. */
export function isUnencrypted(url: string): boolean {
  return new URL(url).protocol === "http:" && !isLoopback(url);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The given outputs. Without settings in the environment, those of the local stack, if there is one. With settings, a
 * file that happens to be in the current folder must not choose the URL to which their key is sent.
 */
export function givenOutputs(environment: Environment, file: string | undefined): ReadOutputs | undefined {
  if (file !== undefined) return readOutputs(file);
  return !hasSettings(environment) && existsSync(localOutputs) ? readOutputs(localOutputs) : undefined;
}

function hasSettings(environment: Environment): boolean {
  return ["KARD_AUDITS_URL", "KARD_AUDITS_KEY", "KARD_AUDITS_ORGANIZATION"].some((name) => environment[name]);
}

/**
 * Finds the connection: each part from the environment, otherwise from a stack's outputs.
 *
 * @param outputsFile without it and without settings, that of the local stack, if there is one
 * @throws Failure (usage) that names what is missing
 */
export function findConnection(environment: Environment, outputsFile: string | undefined): Connection {
  const { ApiUrl, ApiKey, OrganizationId }: Partial<ReadOutputs> = givenOutputs(environment, outputsFile) ?? {};
  const given = (name: string) => environment[name] || undefined;
  // A key in the outputs must not be sent to another tracker.
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
    const instead = hasSettings(environment)
      ? `name the tracker with --outputs FILE (the local stack: --outputs ${localOutputs})`
      : "run npm start in another terminal";
    throw new Failure("usage", `set ${missing.join(", ")}${url === undefined ? `, or ${instead}` : ""}`);
  }
  // An error of `fetch` about an invalid header shows the value.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new Failure("usage", "the API key (KARD_AUDITS_KEY) has line breaks, spaces or characters outside of ASCII");
  }
  if (!URL.canParse(url)) throw new Failure("usage", `KARD_AUDITS_URL is not a URL: ${url}`);
  return { url, key, organizationId };
}
