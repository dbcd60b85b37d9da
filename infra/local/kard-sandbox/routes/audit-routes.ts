import { createRequest, legacyAttributes, parseBody } from "../http/requests.ts";
import { type ErrorObject, errorObject, legacyError, type SandboxResponse } from "../http/responses.ts";
import type { Call, Route } from "../http/routes.ts";
import type { SandboxAudit, SandboxAudits } from "../state/audits.ts";
import type { SandboxSettings } from "../state/settings.ts";

/**
 * Kard's "Create Audits", its legacy "Create Audit", and "Get Audit Status". The sandbox refuses transactions whose id
 * begins with `refuse-400` or `refuse-404` with that status.
 */
export function auditRoutes(options: {
  audits: SandboxAudits;
  settings: () => SandboxSettings;
  organizationId: string;
}): Route[] {
  const { audits, settings, organizationId: ownOrganizationId } = options;

  const isCode = (code: number) => settings().auditCodes?.includes(code) ?? true;

  function createAudits({ params, body }: Call): SandboxResponse {
    const { organizationId = "", userId = "" } = params;
    const parsed = parseBody(createRequest, body);
    if (!parsed.valid) {
      const problems = parsed.problems ?? [{ pointer: "", message: "The body is not JSON" }];
      const errors = problems.map(({ pointer, message }) => errorObject(400, message, { source: { pointer } }));
      return { status: 400, json: { errors } };
    }
    const data: unknown[] = [];
    const errors: ErrorObject[] = [];
    for (const [index, { attributes }] of parsed.value.data.entries()) {
      const { transactionId, auditCode } = attributes;
      if (!isCode(auditCode)) {
        const pointer = `/data/${index}/attributes/auditCode`;
        errors.push(errorObject(400, "There is no such audit code", { source: { pointer }, id: transactionId }));
        continue;
      }
      const pointer = `/data/${index}/attributes/transactionId`;
      const refused = refusal(transactionId);
      if (refused !== undefined) {
        errors.push(errorObject(refused.status, refused.detail, { source: { pointer }, id: transactionId }));
        continue;
      }
      const { made, id } = audits.create({ organizationId, userId, request: attributes, idKind: "uuid" });
      if (made) data.push({ type: "audit", id, attributes: { transactionId } });
      else errors.push(conflict(id, transactionId, settings().omitConflictId && parsed.value.data.length === 1));
    }
    if (errors.length === 0) return { status: 201, json: { data } };
    if (parsed.value.data.length === 1) return { status: Number(errors[0]?.status), json: { errors } };
    return { status: 207, json: { errors, ...(data.length > 0 && { data }) } };
  }

  function createLegacyAudit({ body, issuer }: Call): SandboxResponse {
    const parsed = parseBody(legacyAttributes, body);
    if (!parsed.valid) {
      if (parsed.problems === undefined) return legacyError(400, "The body is not JSON");
      return { status: 400, json: { errors: parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`) } };
    }
    const request = parsed.value;
    if (!isCode(request.auditCode)) return { status: 400, json: { errors: ["auditCode: there is no such code"] } };
    const refused = refusal(request.transactionId);
    if (refused?.status === 400) return { status: 400, json: { errors: [refused.detail] } };
    if (refused !== undefined) return legacyError(refused.status, refused.detail);
    const userId = request.referringPartnerUserId ?? "";
    const organizationId = issuer ?? ownOrganizationId;
    const { made, id } = audits.create({ organizationId, userId, request, idKind: "object-id" });
    if (!made) return legacyError(409, "The audit exists already");
    const { issuer: _, ...fields } = request;
    return { status: 201, json: { _id: id, ...fields, status: "NEW" } };
  }

  function getAudit({ params, issuer }: Call): SandboxResponse {
    const audit = audits.find(params.id ?? "");
    const visible = audit !== undefined && (issuer === null || issuer === audit.organizationId);
    return visible ? { status: 200, json: statusBody(audit) } : legacyError(404, "Audit not found");
  }

  return [
    {
      name: "create",
      method: "POST",
      path: "/v2/issuers/:organizationId/users/:userId/audits",
      style: "v2",
      needsToken: true,
      respond: createAudits,
    },
    {
      name: "legacy-create",
      method: "POST",
      path: "/transactions/audit",
      style: "legacy",
      needsToken: true,
      respond: createLegacyAudit,
    },
    {
      name: "status",
      method: "GET",
      path: "/transactions/audit/:id",
      style: "legacy",
      needsToken: true,
      respond: getAudit,
    },
  ];
}

function refusal(transactionId: string) {
  if (transactionId.startsWith("refuse-400")) return { status: 400, detail: "The transaction cannot be audited" };
  if (transactionId.startsWith("refuse-404")) return { status: 404, detail: "There is no such transaction" };
  return undefined;
}

function conflict(existingId: string, transactionId: string, anonymous: boolean): ErrorObject {
  const detail = `An audit of transaction ${transactionId} exists already`;
  return errorObject(409, detail, anonymous ? {} : { id: existingId });
}

function statusBody(audit: SandboxAudit) {
  const { issuer: _, ...fields } = audit.request;
  return {
    _id: audit.id,
    transactionAmountInCents: null,
    referringPartnerUserId: null,
    merchantId: null,
    submitterName: null,
    ...fields,
    status: audit.status,
    ...(audit.closedAt !== null && {
      resolutionCode: audit.resolutionCode,
      resolutionDescription: audit.resolutionDescription,
      resolutionTimeStamp: new Date(audit.closedAt).toISOString(),
    }),
  };
}
