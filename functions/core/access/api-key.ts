import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import * as z from "zod";

export const scope = z.enum(["audit:read", "audit:write", "notifications:read", "notifications:write"]);
export type Scope = z.infer<typeof scope>;

/** An API key as stored. Only a hash of its secret is kept. */
export const apiKey = z.object({
  keyId: z.string(),
  /** SHA-256 in hex. The secret has 160 random bits, so it needs no slow hash. */
  secretHash: z.string(),
  organizations: z
    .array(z.string())
    .min(1)
    .transform((all) => [...new Set(all)]),
  /** Scopes of a newer version give nothing here. */
  scopes: z.array(z.string()).transform((names) => names.flatMap((name) => scope.safeParse(name).data ?? [])),
  createdAt: z.number(),
  description: z.string().optional(),
  /** When the key expires, in epoch milliseconds; absent if never. */
  validUntil: z.number().optional(),
  /** When the key was revoked. Any value revokes it, so a wrong clock cannot keep a revoked key alive. */
  revokedAt: z.number().optional(),
  /** The latest day of use (UTC, YYYY-MM-DD). */
  lastUsedOn: z.iso.date().optional(),
  /** The id of the key that this one replaces. */
  rotatedFrom: z.string().optional(),
});

export type ApiKey = z.infer<typeof apiKey>;

/** `kat_<keyId>_<secret><crc>`: 12 and 32 base-32 digits, then the CRC-32 of the text before it in 8 hex digits. */
const keyFormat = /^kat_[a-z2-7]{12}_[a-z2-7]{32}[0-9a-f]{8}$/;

const digits = "abcdefghijklmnopqrstuvwxyz234567";

function base32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => digits.charAt(byte % digits.length)).join("");
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The caller's choices for a new key. */
export type ApiKeyGrant = Pick<ApiKey, "organizations" | "scopes" | "description" | "validUntil" | "rotatedFrom">;

/**
 * Creates an API key. The text is shown once and never stored.
 *
 * @param randomBytes returns the given number of random bytes
 */
export function issueApiKey(
  grant: ApiKeyGrant,
  randomBytes: (count: number) => Uint8Array,
  now: number,
): { text: string; apiKey: ApiKey } {
  const keyId = base32(randomBytes(12));
  const secret = base32(randomBytes(32));
  const text = `kat_${keyId}_${secret}`;
  return {
    text: text + checksum(text),
    apiKey: { ...grant, keyId, secretHash: hashOf(secret), createdAt: now },
  };
}

/** Parses a key; `undefined` if it is malformed. The checksum saves a read of the table. */
export function parseApiKey(text: string): { keyId: string; secret: string } | undefined {
  const checked = text.slice(0, -8);
  if (!keyFormat.test(text) || text.slice(-8) !== checksum(checked)) return undefined;
  return { keyId: checked.slice(4, 16), secret: checked.slice(17) };
}

/** Compares a presented secret with the key's, in constant time. */
export function secretMatches({ secretHash }: ApiKey, secret: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(secretHash));
}

export function apiKeyStatus({ revokedAt, validUntil }: ApiKey, now: number): "active" | "expired" | "revoked" {
  if (revokedAt !== undefined) return "revoked";
  return validUntil !== undefined && validUntil <= now ? "expired" : "active";
}

/** The issuers of all keys that are not revoked, expired ones included. */
export function organizationsOfKeys(apiKeys: readonly ApiKey[]): string[] {
  return apiKeys.flatMap(({ organizations, revokedAt }) => (revokedAt === undefined ? organizations : []));
}
