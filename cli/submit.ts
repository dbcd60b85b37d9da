import { createHash } from "node:crypto";
import pMap from "p-map";
import { z } from "zod";
import { createdAudits } from "../functions/audits-api/audit-shapes.ts";
import { type Api, type ApiAnswer, type ApiRequest, errorText } from "./api.ts";
import { Failure } from "./failure.ts";
import type { Dispute, DisputeLine } from "./read-disputes.ts";

/**
 * What became of a line. `filed`: it was taken. `waiting`: it was taken, and Kard has yet to be reached, which the legacy
 * call does not tell. `refused`: by Kard or the tracker. `invalid`: it was not sent. `unsent`: the tracker could not be
 * asked, and running the file again goes on.
 */
export interface LineResult {
  line: number;
  transactionId: string | undefined;
  result: "filed" | "waiting" | "refused" | "invalid" | "unsent";
  /** The audit's id at the tracker. */
  id?: string | undefined;
  reason?: string | undefined;
}

export interface SubmitOptions {
  /** How many are filed at once. */
  atOnce: number;
  /** Another word files again what was filed, or refused, under the one before. */
  run: string;
  onResult(): void;
}

const legacyCreated = z.object({ _id: z.string(), transactionId: z.string() });

/**
 * Files each line's dispute by a request of its own. Its Idempotency-Key comes from the line's own contents: running a
 * file again, after a crash or with some lines mended, files nothing twice. Lines that are alike are told apart by their
 * number among those.
 *
 * @returns what became of each line, in their order, and the failure after which no more were sent
 */
export async function submitLines(
  api: Api,
  lines: readonly DisputeLine[],
  { atOnce, run, onResult }: SubmitOptions,
): Promise<{ results: LineResult[]; failure: Failure | undefined }> {
  let failure: Failure | undefined;
  const keys = idempotencyKeys(lines, run);
  const submit = async ({ line, transactionId, dispute, problem }: DisputeLine, index: number): Promise<LineResult> => {
    const named = { line, transactionId };
    if (dispute === undefined) return { ...named, result: "invalid", reason: problem };
    if (failure !== undefined) return { ...named, result: "unsent" };
    try {
      return { ...named, ...resultOf(await api.send(requestOf(api, dispute, keys[index]))) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
      return { ...named, result: "unsent", reason: error.message };
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

function requestOf({ organizationId }: Api, { userId, attributes }: Dispute, idempotencyKey: string | undefined) {
  const post = (path: string, body: unknown, headers = {}): ApiRequest => {
    return { method: "POST", path, body, headers, idempotencyKey };
  };
  if (userId === undefined) {
    return post("/transactions/audit", attributes, { "x-kard-target-issuer": organizationId });
  }
  const [issuer, user] = [encodeURIComponent(organizationId), encodeURIComponent(userId)];
  return post(`/v2/issuers/${issuer}/users/${user}/audits`, { data: [{ type: "audit", attributes }] });
}

function resultOf({ status, body }: ApiAnswer): Pick<LineResult, "result" | "id" | "reason"> {
  const created = createdAudits.safeParse(body).data?.data[0];
  if (status < 300 && created !== undefined) return { result: status === 202 ? "waiting" : "filed", id: created.id };
  const legacy = legacyCreated.safeParse(body).data;
  if (status < 300 && legacy !== undefined) return { result: "filed", id: legacy._id };
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
