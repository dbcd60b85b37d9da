import { createHash } from "node:crypto";
import pMap from "p-map";
import type * as z from "zod";
import type { createAuditsBody, createLegacyAuditBody } from "../functions/audits-api/audit-input.ts";
import { createdAudits } from "../functions/audits-api/audit-shapes.ts";
import { legacyAuditShape } from "../functions/audits-api/legacy-shapes.ts";
import { type Api, type ApiRequest, type ApiResponse, errorText } from "./api/api.ts";
import { callOf } from "./api/routes.ts";
import type { Dispute, DisputeLine } from "./disputes/read-disputes.ts";
import { Failure } from "./failure.ts";

/**
 * The result of a line. `filed`: accepted. `waiting`: accepted, but not yet at Kard (the legacy call does not tell).
 * `filed-before`: accepted in an earlier run. `refused`: by Kard or the tracker. `invalid`: not sent. `unsent`: the
 * tracker could not be reached, or the run was interrupted; run the file again to continue.
 */
export interface LineResult {
  line: number;
  transactionId: string | undefined;
  result: "filed" | "waiting" | "filed-before" | "refused" | "invalid" | "unsent";
  /** The audit's id at the tracker. */
  id?: string | undefined;
  reason?: string | undefined;
  /** Values that a spreadsheet has probably damaged. */
  warning?: string | undefined;
}

export interface SubmitOptions {
  /** How many requests run at once. */
  atOnce: number;
  /** With another name, lines that were filed or refused in an earlier run are filed again. */
  run: string;
  /** If aborted, no further line is sent. Running requests are completed. */
  stop: AbortSignal;
  onResult(): void;
}

/**
 * Submits each line's dispute in its own request. The Idempotency-Key is derived from the contents of the line, so
 * running a file again, after a crash or with corrections, submits nothing twice. Identical lines are numbered.
 *
 * @returns the results in order, and the failure that stopped sending, if any
 */
export async function submitLines(
  api: Api,
  lines: readonly DisputeLine[],
  { atOnce, run, stop, onResult }: SubmitOptions,
): Promise<{ results: LineResult[]; failure: Failure | undefined }> {
  let failure: Failure | undefined;
  const keys = idempotencyKeys(lines, run);
  const submit = async ({ dispute, problem, ...of }: DisputeLine, index: number): Promise<LineResult> => {
    if (dispute === undefined) return { ...of, result: "invalid", reason: problem };
    if (failure !== undefined || stop.aborted) return { ...of, result: "unsent" };
    try {
      return { ...of, ...resultOf(await api.send({ ...requestOf(api, dispute, keys[index]), stop })) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!stop.aborted) failure = error;
      return { ...of, result: "unsent", reason: error.message };
    }
  };
  const results = await pMap(
    lines,
    async (line, index) => {
      const result = await submit(line, index);
      onResult();
      return result;
    },
    { concurrency: atOnce },
  );
  return { results, failure };
}

function requestOf(api: Api, { userId, attributes }: Dispute, idempotencyKey: string | undefined): ApiRequest {
  if (userId === undefined) {
    const body: z.input<typeof createLegacyAuditBody> = attributes;
    const headers = { "x-kard-target-issuer": api.organizationId };
    return { ...callOf(api, "POST /transactions/audit", {}), body, headers, idempotencyKey };
  }
  const body: z.input<typeof createAuditsBody> = { data: [{ type: "audit", attributes }] };
  return {
    ...callOf(api, "POST /v2/issuers/{organizationId}/users/{userId}/audits", { userId }),
    body,
    idempotencyKey,
  };
}

function resultOf({ status, body, isRepeat }: ApiResponse): Pick<LineResult, "result" | "id" | "reason"> {
  const filed = isRepeat ? "filed-before" : "filed";
  const created = createdAudits.safeParse(body).data?.data[0];
  if (status < 300 && created !== undefined) return { result: status === 202 ? "waiting" : filed, id: created.id };
  const legacy = legacyAuditShape.safeParse(body).data;
  if (status < 300 && legacy !== undefined) return { result: filed, id: legacy._id };
  if (status < 400) throw new Failure("unreachable", "the response does not come from a tracker; check the URL");
  return { result: "refused", reason: errorText(status, body) };
}

function idempotencyKeys(lines: readonly DisputeLine[], run: string): string[] {
  const seen = new Map<string, number>();
  return lines.map(({ dispute }) => {
    const contents = JSON.stringify([run, dispute?.userId ?? null, dispute?.attributes]);
    const number = (seen.get(contents) ?? 0) + 1;
    seen.set(contents, number);
    return `file-${createHash("sha256").update(`${number} ${contents}`).digest("hex")}`;
  });
}
