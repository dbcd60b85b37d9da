import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { PagePosition } from "./ports.ts";

const position = z.tuple([z.number(), z.string()]);

function seal(secret: Uint8Array, list: string, payload: string): string {
  const seal = createHmac("sha256", secret)
    .update(JSON.stringify([list, payload]))
    .digest();
  return seal.subarray(0, 16).toString("base64url");
}

/** The token of a page: where it begins, sealed for one list, that is one issuer and one filter. */
export function pageToken(secret: Uint8Array, list: string, { at, id }: PagePosition): string {
  const payload = Buffer.from(JSON.stringify([at, id])).toString("base64url");
  return `${payload}.${seal(secret, list, payload)}`;
}

/** Where a page begins, or `undefined` for a token that was not made here for this list. */
export function readPageToken(secret: Uint8Array, list: string, token: string): PagePosition | undefined {
  const [payload = "", signature = "", ...more] = token.split(".");
  if (more.length > 0) return undefined;
  // Compared as text: base64 has several texts for the same bytes.
  const given = Buffer.from(signature);
  const right = Buffer.from(seal(secret, list, payload));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [at, id] = position.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  return { at, id };
}
