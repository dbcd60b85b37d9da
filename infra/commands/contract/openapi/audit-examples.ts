const id = "4b1f6f2e-6c5a-4d0b-9a57-0c8a1f6f2f0e";
const request = {
  transactionId: "txn-1",
  auditCode: 3006,
  merchantName: "Caribbean Goodness",
  auditDescription: "cashback never posted",
};
const resolution = {
  resolutionCode: 5004,
  resolutionDescription: "Reward dispute resolved",
  resolutionTimeStamp: "2026-03-14T12:30:00.000Z",
  outcome: "favourable",
  nextActor: "nobody",
};

export const created = { type: "audit", id, attributes: { transactionId: request.transactionId } };

export const refused = {
  status: "409",
  title: "Conflict Error",
  detail: "an audit of this transaction exists",
  source: { pointer: "/data/1/attributes/transactionId" },
  id: "9a2f1c3d-6c5a-4d0b-9a57-0c8a1f6f2f0e",
};

export const anAudit = {
  type: "audit",
  id,
  attributes: {
    organizationId: "organization-123",
    status: "CLOSED",
    kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff",
    ...request,
    transactionAmountInCents: 1250,
    currency: "USD",
    reference: "CASE-4711",
    metadata: { queue: "vip" },
    ...resolution,
    submission: "confirmed",
    createdAt: "2026-03-14T12:00:00.000Z",
    acceptedAt: "2026-03-14T12:00:00.210Z",
    settledAt: "2026-03-14T12:30:04.512Z",
    sequence: 1,
  },
  relationships: { user: { data: { type: "user", id: "user-123" } } },
};

export const aPendingAdoption = {
  type: "adoption",
  id: "6f9619ff-8b86-4d01-b42d-00c04fc964ff",
  attributes: {
    organizationId: "organization-123",
    kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff",
    status: "PENDING",
    createdAt: "2026-03-14T12:00:00.000Z",
    nextAttemptAt: "2026-03-14T12:00:03.750Z",
    givenUpAt: "2026-03-21T12:00:00.000Z",
  },
  relationships: { user: { data: { type: "user", id: "user-123" } } },
};

const eventId = "evt_4b1f6f2e6c5a4d0b9a570c8a1f6f2f0e_1";
const subscriptionId = "0d6c1f0a-2a4b-4c57-8a52-5d1e7b9c3f10";

export const anAuditInDetail = {
  ...anAudit,
  attributes: {
    ...anAudit.attributes,
    timeline: [
      { what: "accepted", at: "2026-03-14T12:00:00.000Z" },
      { what: "sent", at: "2026-03-14T12:00:00.210Z" },
      { what: "closed", at: "2026-03-14T12:30:04.512Z" },
      { what: "published", at: "2026-03-14T12:30:04.590Z", eventId, event: "audit.closed", sequence: 1 },
      {
        what: "delivery",
        at: "2026-03-14T12:30:04.730Z",
        sequence: 1,
        subscriptionId,
        milliseconds: 41,
        statusCode: 204,
      },
    ],
    notifications: [
      {
        id: "ntf_W10",
        eventId,
        eventName: "audit.closed",
        sequence: 1,
        subscriptionId,
        status: "delivered",
        attempts: 1,
      },
    ],
  },
};

export const aLegacyAudit = {
  _id: id,
  ...request,
  preferredContactEmail: "support@issuer.example",
  status: "CLOSED",
  transactionAmountInCents: 1250,
  referringPartnerUserId: "user-123",
  merchantId: null,
  submitterName: null,
  ...resolution,
};

export const anEvent = {
  type: "event",
  id: eventId,
  attributes: {
    eventName: "audit.closed",
    publishedAt: "2026-03-14T12:30:04.590Z",
    body: `{"id":"${eventId}","type":"audit.closed"}`,
  },
};
