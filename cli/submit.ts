import { createHash } from "node:crypto";
import pMap from "p-map";
import type { z } from "zod";
import type { createAuditsBody, createLegacyAuditBody } from "../functions/audits-api/audit-input.ts";
import { createdAudits } from "../functions/audits-api/audit-shapes.ts";
import { shownLegacyAudit } from "../functions/audits-api/legacy-shapes.ts";
import { type Api, type ApiAnswer, type ApiRequest, errorText } from "./api.ts";
import type { Dispute, DisputeLine } from "./disputes/read-disputes.ts";
import { Failure } from "./failure.ts";
import { callOf } from "./routes.ts";

/**
 * What became of a line. `filed`: it was taken. `waiting`: it was taken, and Kard has yet to be reached, which the
 * legacy call does not tell. `filed-before`: it was taken by a former run. `refused`: by Kard or the tracker.
 * `invalid`: it was not sent. `unsent`: the tracker could not be asked, or the run was interrupted; running the file
 * again goes on.
 */
export interface LineResult {
  line: number;
  transactionId: string | undefined;
  result: "filed" | "waiting" | "filed-before" | "refused" | "invalid" | "unsent";
  /** The audit's id at the tracker. */
  id?: string | undefined;
  reason?: string | undefined;
  /** What a spreadsheet has probably damaged in it. */
  warning?: string | undefined;
}

export interface SubmitOptions {
  /** How many are filed at once. */
  atOnce: number;
  /** Another word files again what was filed, or refused, under the one before. */
  run: string;
  /** Once it is aborted, no further line is sent; those that are being sent are finished. */
  stop: AbortSignal;
  onResult(): void;
}

/**
 * Files each line's dispute by a request of its own. Its Idempotency-Key comes from the line's own contents: running
 * a file again, after a crash or with some lines mended, files nothing twice. Lines that are alike are told apart by
 * their number among those.
 *
 * @returns what became of each line, in their order, and the failure after which no more were sent
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

function resultOf({ status, body, isRepeat }: ApiAnswer): Pick<LineResult, "result" | "id" | "reason"> {
  const filed = isRepeat ? "filed-before" : "filed";
  const created = createdAudits.safeParse(body).data?.data[0];
  if (status < 300 && created !== undefined) return { result: status === 202 ? "waiting" : filed, id: created.id };
  const legacy = shownLegacyAudit.safeParse(body).data;
  if (status < 300 && legacy !== undefined) return { result: filed, id: legacy._id };
  if (status < 400) throw new Failure("unreachable", "the answer is no tracker's: is it the right URL?");
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
