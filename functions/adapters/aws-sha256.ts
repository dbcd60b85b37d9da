import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

type Secret = string | ArrayBuffer | ArrayBufferView;

/** Keys made of the SDK's signing keys, which it keeps for a day. */
const keys = new WeakMap<object, KeyObject>();

function keyOf(secret: Secret): KeyObject | string {
  if (typeof secret === "string") return secret;
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(secret) ? secret : new Uint8Array(secret);
  const key = createSecretKey(Buffer.from(buffer, byteOffset, byteLength));
  keys.set(secret, key);
  return key;
}

/**
 * SHA-256, with a secret HMAC-SHA256, for a client of the AWS SDK: its `sha256`. The SDK's own makes a key, a hash and a copy
 * of the hash anew for each digest.
 */
export class AwsSha256 {
  private chunks: Uint8Array[] = [];
  private readonly secret: Secret | undefined;

  constructor(secret?: Secret) {
    this.secret = secret;
  }

  update(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  async digest(): Promise<Uint8Array> {
    const [only] = this.chunks;
    const message = only !== undefined && this.chunks.length === 1 ? only : Buffer.concat(this.chunks);
    if (this.secret === undefined) return hash("sha256", message, "buffer");
    return createHmac("sha256", keyOf(this.secret)).update(message).digest();
  }

  reset(): void {
    this.chunks = [];
  }
}
