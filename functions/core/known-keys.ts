import { type ApiKey, parseApiKey, secretMatches, standingOf } from "./api-key.ts";
import type { Caller } from "./caller.ts";
import type { ApiKeyStore, Beside, Clock } from "./ports.ts";

/** How long a key that was read is believed, in milliseconds: a revocation is felt after that at the latest. */
const believedMs = 60_000;

interface KnownKey {
  apiKey: ApiKey;
  until: number;
  /** The latest day that this environment has noted or tried to. */
  notedOn: string | undefined;
}

/**
 * Finds out whose key a text is. Keys are remembered for a minute; a text that cannot be a key costs no read, and
 * `undefined` is the one answer to unknown, wrong, expired and revoked ones. The day of a key's use is noted beside the
 * request, once a day.
 */
export function knownKeys(deps: { apiKeys: Pick<ApiKeyStore, "get" | "noteUse">; clock: Clock; beside: Beside }) {
  const known = new Map<string, KnownKey>();

  const lookUp = async (keyId: string, now: number): Promise<KnownKey | undefined> => {
    const remembered = known.get(keyId);
    if (remembered !== undefined && now < remembered.until) return remembered;
    const apiKey = await deps.apiKeys.get(keyId);
    if (apiKey === undefined) return undefined;
    const found = { apiKey, until: now + believedMs, notedOn: remembered?.notedOn };
    known.set(keyId, found);
    return found;
  };

  const noteUse = (key: KnownKey, now: number) => {
    const { keyId, lastUsedOn = "" } = key.apiKey;
    const today = new Date(now).toISOString().slice(0, 10);
    if (lastUsedOn >= today || key.notedOn === today) return;
    key.notedOn = today;
    deps.beside(deps.apiKeys.noteUse(keyId, today));
  };

  return async (text: string): Promise<Caller | undefined> => {
    const presented = parseApiKey(text);
    if (presented === undefined) return undefined;
    const now = deps.clock();
    const key = await lookUp(presented.keyId, now);
    if (key === undefined || !secretMatches(key.apiKey, presented.secret)) return undefined;
    if (standingOf(key.apiKey, now) !== "active") return undefined;
    noteUse(key, now);
    const { keyId, organizations, scopes } = key.apiKey;
    return { callerId: keyId, organizations, scopes };
  };
}
