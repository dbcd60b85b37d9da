import { z } from "zod";
import { DeadlinePassed } from "../http/exchange.ts";
import { HostNotResolved } from "./host-resolver.ts";
import { AddressRefused } from "./ssrf-guard.ts";

const withCode = z.object({ code: z.string() });

/**
 * The codes by which Node refuses a certificate, as OpenSSL names them
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and those of a failed handshake.
 */
const tlsCodes =
  /^ERR_TLS|^ERR_SSL|CERT|CRL|^UNABLE_TO_|^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|EPROTO)$/;

/** The kind of failure, as the subscription's owner sees it: nothing about our network. */
export function attemptErrorOf(error: unknown): string {
  if (error instanceof AddressRefused) return "address-refused";
  if (error instanceof HostNotResolved) return error.failure;
  if (error instanceof DeadlinePassed) return "timeout";
  const { success, data } = withCode.safeParse(error);
  if (!success) return "connection-failed";
  if (data.code.endsWith("_TIMEOUT") || data.code === "ETIMEDOUT") return "timeout";
  if (data.code === "ECONNREFUSED") return "connection-refused";
  if (tlsCodes.test(data.code)) return "tls-failed";
  return data.code === "UND_ERR_RES_EXCEEDED_MAX_SIZE" ? "answer-too-large" : "connection-failed";
}
