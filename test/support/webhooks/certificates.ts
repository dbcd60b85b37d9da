import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A certificate, its key, and its issuer. */
export interface Certificate {
  name: string;
  cert: string;
  key: string;
  privateKey: KeyObject;
}

interface CertificateOptions {
  /** The signing certificate; self-signed by default. */
  issuer?: Certificate;
  isAuthority?: boolean;
  /** The host name; the name by default. */
  host?: string;
  validFrom?: Date;
  validUntil?: Date;
}

const day = 24 * 60 * 60_000;

/** Creates an X.509 certificate (RFC 5280) with a P-256 key. */
export function certificate(
  name: string,
  {
    issuer,
    isAuthority = false,
    host = name,
    validFrom = new Date(Date.now() - day),
    validUntil = new Date(Date.now() + day),
  }: CertificateOptions = {},
): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signedBy = sequence(oid("1.2.840.10045.4.3.2"));
  const extensions = sequence(
    sequence(oid("2.5.29.19"), der(0x04, isAuthority ? sequence(der(0x01, Buffer.of(0xff))) : sequence())),
    sequence(oid("2.5.29.17"), der(0x04, sequence(der(0x82, Buffer.from(host))))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(++serial)),
    signedBy,
    commonName(issuer?.name ?? name),
    sequence(time(validFrom), time(validUntil)),
    commonName(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const bytes = sequence(body, signedBy, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = bytes
    .toString("base64")
    .match(/.{1,64}/g)
    ?.join("\n");
  return {
    name,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
  };
}

let serial = 0;

/** A DER element: tag, length and contents (X.690). */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const base128 = (value: number): number[] => {
    const digits = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(name)))));
}

/** A GeneralizedTime for any year. */
function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`));
}
