import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { cachedSecret, type SecretSource } from "../aws/cached-secret.ts";
import { parseJson } from "../kard/schemas.ts";

/** Who receivers of webhooks are told that we are, and whose certificates theirs may be signed by as well. */
export interface WebhookTls {
  /** The client certificate, with its intermediates behind it, and its key: both or neither, in PEM. */
  certificate?: string | undefined;
  key?: string | undefined;
  /** Certificates of authorities in PEM, besides the public ones. */
  authorities?: string | undefined;
}

const aCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const certificates = z.string().refine((text) => {
  const found = text.match(aCertificate) ?? [];
  return found.length > 0 && found.every((pem) => isReadable(() => new X509Certificate(pem)));
}, "must be certificates in PEM");
const key = z
  .string()
  .refine((text) => isReadable(() => createPrivateKey(text)), "must be a private key in PEM without a passphrase");

const webhookTls = z
  .strictObject({ certificate: certificates, key, authorities: certificates })
  .partial()
  .superRefine(({ certificate, key }, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", path: ["key"], message });
    if ((certificate === undefined) !== (key === undefined)) refuse("must be given with certificate, and without none");
    else if (certificate !== undefined && key !== undefined && !belongTogether(certificate, key))
      refuse("does not belong to the certificate");
  });

/**
 * The client certificate and authorities for calls to webhooks, from a secret that holds JSON: `certificate`, `key` and
 * `authorities`, each in PEM. What is thrown never tells what the secret holds.
 */
export function webhookTlsOf(source: SecretSource): () => Promise<WebhookTls> {
  return cachedSecret(source, (text): WebhookTls => {
    const { data, error } = webhookTls.safeParse(parseJson(text));
    if (data !== undefined) return data;
    const problems = error.issues.map(({ path, message }) => `${path.join(".") || "the whole"} ${message}`);
    throw new Error(`the secret for TLS with webhooks does not hold what it must: ${problems.join("; ")}`);
  }).get;
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function belongTogether(certificate: string, key: string): boolean {
  return isReadable(() => {
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) throw new Error("another key");
  });
}
