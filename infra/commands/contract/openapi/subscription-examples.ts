const id = "0d6c1f0a-2a4b-4c57-8a52-5d1e7b9c3f10";

export const aSubscription = {
  type: "subscription",
  id,
  attributes: {
    webhookUrl: "https://issuer.example/webhooks",
    eventName: "audit.closed",
    eventNames: ["audit.closed"],
    payload: "full",
    retrySchedule: "default",
    ordered: false,
    enabled: true,
    signing: "hmac-sha256",
    createdAt: "2026-03-14T11:00:00.000Z",
  },
};

export const aNewSubscription = {
  ...aSubscription,
  attributes: { ...aSubscription.attributes, secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" },
};

export const aTest = {
  type: "test",
  id: "evt_b8c6e5a14f5d4c0e9f2a7d3c1b0a9e8f",
  attributes: {
    delivered: true,
    timestamp: "2026-03-14T11:00:05.000Z",
    milliseconds: 41,
    statusCode: 204,
    body: "",
  },
};

const eventId = "evt_4b1f6f2e6c5a4d0b9a570c8a1f6f2f0e_1";

export const aNotification = {
  type: "notification",
  id: "ntf_W10",
  attributes: {
    eventId,
    eventName: "audit.closed",
    sequence: 1,
    timestamp: "2026-03-14T12:30:04.730Z",
    status: "pending",
    attempts: 1,
    lastAttemptAt: "2026-03-14T12:30:04.730Z",
    statusCode: 503,
    nextAttemptAt: "2026-03-14T12:30:09.900Z",
  },
  relationships: {
    audit: { data: { type: "audit", id: "4b1f6f2e-6c5a-4d0b-9a57-0c8a1f6f2f0e" } },
    subscription: { data: { type: "subscription", id } },
  },
};

export const aNotificationInDetail = {
  ...aNotification,
  attributes: {
    ...aNotification.attributes,
    lastAttempts: [{ timestamp: "2026-03-14T12:30:04.730Z", milliseconds: 38, statusCode: 503 }],
    lastAnswer: "upstream is being deployed",
  },
};
