import { createPrivateKey, X509Certificate } from "node:crypto";
import * as z from "zod";
import { cachedSecret, type SecretSource } from "../aws/cached-secret.ts";
import { parseJson } from "../kard/schemas.ts";

/** The client certificate for webhook receivers, and additional certificate authorities for theirs. */
export interface WebhookTls {
  /** The client certificate with its intermediates, and its key, in PEM. Both or neither. */
  certificate?: string | undefined;
  key?: string | undefined;
  /** Additional certificate authorities, in PEM. */
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
    if ((certificate === undefined) !== (key === undefined)) refuse("is required exactly if there is a certificate");
    else if (certificate !== undefined && key !== undefined && !belongTogether(certificate, key))
      refuse("does not belong to the certificate");
  });

/**
 * Reads the client certificate and authorities from a secret with JSON: `certificate`, `key` and `authorities`, each in
 * PEM. Errors do not contain the secret.
 */
export function webhookTlsOf(source: SecretSource): () => Promise<WebhookTls> {
  return cachedSecret(source, (text): WebhookTls => {
    const { data, error } = webhookTls.safeParse(parseJson(text));
    if (data !== undefined) return data;
    const problems = error.issues.map(({ path, message }) => `${path.join(".") || "the whole"} ${message}`);
    throw new Error(`the TLS secret for webhooks is invalid: ${problems.join("; ")}`);
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
