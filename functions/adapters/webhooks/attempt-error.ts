import * as z from "zod";
import { DeadlinePassed } from "../http/exchange.ts";
import { HostNotResolved } from "./host-resolver.ts";
import { AddressRefused } from "./ssrf-guard.ts";

const withCode = z.object({ code: z.string() });

/**
 * Node's codes for refused certificates, as named by OpenSSL
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and for failed handshakes.
 */
const tlsCodes =
  /^ERR_TLS|^ERR_SSL|CERT|CRL|^UNABLE_TO_|^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|EPROTO)$/;

/** The error that the subscription's owner sees. It reveals nothing about this network. */
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
