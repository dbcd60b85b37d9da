import { type AnnotationsChange, changedAnnotations, problemOfMetadata } from "../../core/audits/annotations.ts";
import type { Audit } from "../../core/audits/audit.ts";
import { changeStoredAudit } from "../../core/audits/change-stored-audit.ts";
import type { AuditStore } from "../../core/audits/ports.ts";
import { httpError } from "../../platform/http-error.ts";

/**
 * Changes the issuer's own data on an audit. Concurrent changes are all kept, because each is merged into the stored
 * data.
 *
 * @returns the audit with its new data
 * @throws HttpError 400 if the metadata would be too large, 404 if the audit does not exist any more
 */
export function changeAnnotations({ audits }: { audits: Pick<AuditStore, "get" | "update"> }) {
  return async (audit: Audit, change: AnnotationsChange): Promise<Audit> => {
    const merge = (current: Audit): Audit => {
      const { reference: _reference, metadata: _metadata, ...others } = current;
      const own = changedAnnotations(current, change);
      const problem = problemOfMetadata(own.metadata ?? {});
      if (problem !== undefined) throw httpError(400, problem, { pointer: "/data/attributes/metadata" });
      return { ...others, ...own, annotationsRevision: (current.annotationsRevision ?? 0) + 1 };
    };
    const stored = await changeStoredAudit(audits, audit, ["annotationsRevision"], merge, audit);
    if (stored === undefined) throw httpError(404, "there is no such audit");
    return stored.after;
  };
}
