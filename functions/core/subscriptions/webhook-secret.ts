import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import * as z from "zod";

/** The signature scheme: a shared secret, or a key pair whose public key the receiver has. */
export const signing = z.enum(["hmac-sha256", "ed25519"]);
export type Signing = z.infer<typeof signing>;

const hmacPrefix = "whsec_";
const privatePrefix = "whsk_";
const publicPrefix = "whpk_";
const newSecretBytes = 32;
const seedBytes = 32;

/** The PKCS #8 header of an Ed25519 private key, without its seed (RFC 8410, 7). */
const pkcs8Header = Buffer.from("302e020100300506032b657004220420", "hex");

type RandomBytes = (count: number) => Uint8Array;

/** A new signing key (Standard Webhooks 1.0.0): `whsec_` and 32 random bytes, or `whsk_` and an Ed25519 key pair. */
export function newWebhookSecret(randomBytes: RandomBytes, by: Signing = "hmac-sha256"): string {
  if (by === "hmac-sha256") return hmacPrefix + base64(randomBytes(newSecretBytes));
  const seed = randomBytes(seedBytes);
  return privatePrefix + base64(Buffer.concat([seed, publicBytes(privateKeyOf(seed))]));
}

/** Base64 of 24 to 64 bytes, with only valid last digits. */
const ownSecretFormat =
  /^whsec_([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{4}([A-Za-z0-9+/][AQgw]==)?|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$/;

/** A caller's own secret: `whsec_` and canonical base64 of 24 to 64 bytes. */
export const ownWebhookSecret = z
  .string("must be a string")
  .regex(ownSecretFormat, "must be whsec_ and the base64 of 24 to 64 bytes");

export function signingOf(secret: string): Signing {
  return secret.startsWith(privatePrefix) ? "ed25519" : "hmac-sha256";
}

/** A key object: Node takes three times as long to sign with raw bytes. */
export function hmacKey(secret: string): KeyObject {
  return createSecretKey(secret.slice(hmacPrefix.length), "base64");
}

export function ed25519PrivateKey(secret: string): KeyObject {
  return privateKeyOf(Buffer.from(secret.slice(privatePrefix.length), "base64").subarray(0, seedBytes));
}

/** The receiver's `whpk_` key of an Ed25519 key; `undefined` for a shared secret. */
export function publicKeyOf(secret: string): string | undefined {
  if (signingOf(secret) !== "ed25519") return undefined;
  return publicPrefix + base64(publicBytes(ed25519PrivateKey(secret)));
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Header, seed]), format: "der", type: "pkcs8" });
}

function publicBytes(privateKey: KeyObject): Buffer {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
