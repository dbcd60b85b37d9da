import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";

const tokenRow = z.object({ issuer: z.string().nullable(), expiresAt: z.number() });

export type SandboxTokens = ReturnType<typeof createTokens>;

/** Access tokens: opaque and random. `X-Kard-Target-Issuer` restricts a token to one issuer. */
export function createTokens(database: DatabaseSync, now: () => number) {
  const insert = database.prepare("INSERT INTO tokens (token, issuer, expiresAt) VALUES (?, ?, ?)");
  const select = database.prepare("SELECT issuer, expiresAt FROM tokens WHERE token = ?");
  const revoke = database.prepare("DELETE FROM tokens");

  return {
    issue(issuer: string | undefined, lifeSeconds: number): string {
      const token = randomBytes(32).toString("base64url");
      insert.run(token, issuer ?? null, now() + lifeSeconds * 1000);
      return token;
    },

    /** The issuer of a token; null without a restriction; undefined for an invalid token. */
    check(authorization: string | undefined): string | null | undefined {
      const row = select.get(/^Bearer (\S+)$/.exec(authorization ?? "")?.[1] ?? "");
      const token = row && tokenRow.parse(row);
      return token && token.expiresAt > now() ? token.issuer : undefined;
    },

    revokeAll: () => {
      revoke.run();
    },
  };
}
