import { randomBytes } from "node:crypto";
import { issueApiKey, scope } from "../../../../functions/core/access/api-key.ts";

const digits = "abcdefghijklmnopqrstuvwxyz234567";

/** A well-formed key with another key's id and another secret. */
export function withAnotherSecret(apiKey: string, organizations: string[]): string {
  const id = Buffer.from(Array.from(apiKey.slice(4, 16), (digit) => digits.indexOf(digit)));
  const random = (count: number) => (count === 12 ? id : randomBytes(count));
  return issueApiKey({ organizations, scopes: scope.options }, random, Date.now()).text;
}

/** A key with a wrong checksum. */
export function withBadChecksum(apiKey: string): string {
  return apiKey.slice(0, -1) + (apiKey.endsWith("0") ? "1" : "0");
}
