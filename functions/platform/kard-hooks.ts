import { runInBackground } from "./background-work.ts";
import { reportError } from "./logger.ts";
import { type OutboundCall, outboundCall } from "./outbound-calls.ts";

/** The hooks for calls to Kard in functions whose callers wait. */
export function kardHooks(count: (metric: "KardCredentialRefused" | "KardCallsDeferred") => void) {
  return {
    observe(call: OutboundCall) {
      outboundCall("Kard", call);
      if (call.status === 401 || call.status === 403) count("KardCredentialRefused");
    },
    onRefused: () => count("KardCallsDeferred"),
    reportError,
    inBackground: runInBackground,
  };
}
