/** A secret with its name in test failures. */
export interface Canary {
  name: string;
  secret: string;
}

/** Data that others may read, with a description. */
export interface Evidence {
  where: string;
  text: string;
}

/** Shorter secrets would match by chance. */
const shortest = 16;

/** The encodings of a secret: plain, escaped, or encoded. */
function formsOf(secret: string): Set<string> {
  // Base64 encodes three bytes at a time, so the encoding depends on the secret's offset.
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

/** Finds the secrets in the evidence, as `name in where`. */
export function leaks(canaries: readonly Canary[], evidence: readonly Evidence[]): string[] {
  const found = new Set<string>();
  for (const { name, secret } of canaries) {
    if (secret.length < shortest) throw new Error(`${name} is too short to search for`);
    for (const form of formsOf(secret)) {
      for (const { where, text } of evidence) if (text.includes(form)) found.add(`${name} in ${where}`);
    }
  }
  return [...found];
}
