/** A secret by the name that a failing test tells it by. */
export interface Canary {
  name: string;
  secret: string;
}

/** Something that somebody else may read, and what it is. */
export interface Evidence {
  where: string;
  text: string;
}

/** Secrets of fewer characters would be found where they are not. */
const shortest = 16;

/** A secret as it may have been written down: as it is, escaped, or encoded. */
function formsOf(secret: string): Set<string> {
  // Base64 takes three bytes at a time: what stands before the secret moves it against them.
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    return (["base64", "base64url"] as const).map((encoding) =>
      bytes.toString(encoding).slice(before === 0 ? 0 : 4, Math.floor(bytes.length / 3) * 4),
    );
  });
  return new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("hex"),
    ...inBase64,
  ]);
}

/** Which secrets are in which evidence, as `name in where`. */
export function leaks(canaries: readonly Canary[], evidence: readonly Evidence[]): string[] {
  const found = new Set<string>();
  for (const { name, secret } of canaries) {
    if (secret.length < shortest) throw new Error(`${name} is too short to be looked for`);
    for (const form of formsOf(secret)) {
      for (const { where, text } of evidence) if (text.includes(form)) found.add(`${name} in ${where}`);
    }
  }
  return [...found];
}
