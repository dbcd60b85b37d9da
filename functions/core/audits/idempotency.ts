import { createHash } from "node:crypto";

/** SHA-256 over an unambiguous encoding of the parts. */
function digest(...parts: string[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

/** 16 bytes as a UUID of version 8 (RFC 9562, section 5.8: custom data). */
function uuidOf(bytes: Buffer): string {
  const own = Buffer.from(bytes.subarray(0, 16));
  own.writeUInt8((own.readUInt8(6) & 0x0f) | 0x80, 6);
  own.writeUInt8((own.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = own.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The audit id for a position in a request with an Idempotency-Key. Repeated requests get the same ids. */
export function auditIdOfKey(organizationId: string, idempotencyKey: string, position: number): string {
  return uuidOf(digest("idempotency-key", organizationId, idempotencyKey, String(position)));
}

export interface RequestPosition {
  organizationId: string;
  fingerprint: string;
  /** The number of the request's time window. */
  window: number;
  /** How many identical requests of the window came before and are resolved. */
  generation: number;
  position: number;
}

/** The audit id for a position in a request without a key. */
export function auditIdOfRequest(of: RequestPosition): string {
  const numbers = [of.window, of.generation, of.position].map(String);
  return uuidOf(digest("request", of.organizationId, of.fingerprint, ...numbers));
}

/** The audit id for an adopted Kard audit. Adopting it again gets the same id, also in another case. */
export function auditIdOfAdopted(organizationId: string, kardAuditId: string): string {
  return uuidOf(digest("adopted", organizationId, kardAuditId.toLowerCase()));
}

/** Identifies a request: two requests with one Idempotency-Key must have the same method, path, user and body. */
export function requestFingerprint(method: string, path: string, body: string): string {
  return digest(method, path, body).toString("hex");
}
