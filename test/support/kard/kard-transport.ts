import type { KardHttpRequest, KardResponse, SendToKard } from "../../../functions/adapters/kard/http.ts";
import type { KardTokens } from "../../../functions/adapters/kard/token.ts";
import type { VirtualTime } from "../virtual-time.ts";

interface AuditAtKard {
  organizationId: string;
  transactionId: string;
  status: "NEW" | "CLOSED";
}

/** Kard's response to an issuer's call; `undefined` shows the audit. */
type Answering = (organizationId: string) => KardResponse | "timeout" | undefined;

/** Longer than the client's timeout. */
const timeoutMs = 6_000;

/** Kard's side of the client's transport, in virtual time. It records when requests arrive. */
export function kardTransport(time: VirtualTime, onItsWayMs: () => number = () => 20) {
  const audits = new Map<string, AuditAtKard>();
  const requests: { at: number; route: KardHttpRequest["route"]; organizationId: string; kardAuditId: string }[] = [];
  let token = 1;
  /** Fetches a token for one environment, which keeps it until Kard refuses it. */
  const tokensOfEnvironment = (): KardTokens => {
    let held: number | undefined;
    let fetching: Promise<unknown> | undefined;
    return {
      async tokenFor(_organizationId, refused) {
        if (held === undefined || refused === `token-${held}`) {
          fetching ??= time.sleep(kard.tokenMs).then(() => {
            held = token;
            fetching = undefined;
          });
          await fetching;
        }
        return { outcome: "granted", accessToken: `token-${held}` };
      },
    };
  };
  const kard = {
    tokens: tokensOfEnvironment,
    /** How long a token request takes, in milliseconds. */
    tokenMs: 300,
    /** Refuses all tokens that were granted. */
    refuseTokens() {
      token++;
    },
    audits,
    requests,
    answering: (() => undefined) as Answering,
    /** How long a response takes, in milliseconds. */
    latencyMs: 80,
    close(id: string) {
      const audit = audits.get(id);
      if (audit !== undefined) audit.status = "CLOSED";
    },
    /** The transport of one issuer's calls: a status call does not name the issuer. */
    sendFor:
      (organizationId: string): SendToKard =>
      async (request, interpret) => {
        await time.sleep(onItsWayMs());
        requests.push({ at: time.clock(), route: request.route, organizationId, kardAuditId: idIn(request) });
        const response = kard.answering(organizationId) ?? responseOf(organizationId, request);
        await time.sleep(response === "timeout" ? timeoutMs : kard.latencyMs);
        return interpret(response === "timeout" ? { answered: false, reason: "timeout", delivered: true } : response);
      },
  };

  function responseOf(organizationId: string, { method, path, body, headers }: KardHttpRequest): KardResponse {
    if (headers.authorization !== `Bearer token-${token}`) return response(401, { message: "Unauthorized" });
    if (method === "POST") return created(organizationId, JSON.parse(body ?? "{}"));
    const id = idIn({ path });
    const audit = audits.get(id);
    if (audit === undefined) return response(404, "not found");
    const resolution = audit.status === "CLOSED" ? { resolutionCode: 5004 } : {};
    return response(200, { _id: id, transactionId: audit.transactionId, status: audit.status, ...resolution });
  }

  function created(organizationId: string, body: { data: { attributes: { transactionId: string } }[] }): KardResponse {
    const transactionId = body.data[0]?.attributes.transactionId ?? "";
    const id = `kard-${audits.size + 1}`;
    audits.set(id, { organizationId, transactionId, status: "NEW" });
    return response(201, { data: [{ type: "audit", id, attributes: { transactionId } }] });
  }
  return kard;
}

function idIn({ path }: Pick<KardHttpRequest, "path">): string {
  return decodeURIComponent(path.split("/").at(-1) ?? "");
}

/** Kard's response with a status. */
export function response(status: number, body: unknown = "", retryAfterMs?: number): KardResponse {
  return { answered: true, status, retryAfterMs, body: JSON.stringify(body) };
}
