const times = { count: 12, medianMs: 86_400_000, p90Ms: 259_200_000 };

const asOf = "2026-03-14T12:25:00.000Z";

export const someStats = {
  type: "stats",
  id: "organization-123",
  attributes: {
    open: {
      byAge: { "0-7": { NEW: 3, IN_PROGRESS: 2 }, "8-30": { IN_PROGRESS: 1 }, "31-60": {}, "61-90": {}, "over-90": {} },
      amounts: { USD: 12_350 },
      ...{ asOf, isComplete: true },
    },
    polling: { oldestDueAt: "2026-03-14T12:24:20.000Z", asOf, isComplete: true },
    days: [
      {
        day: "2026-03-14",
        ...{ filed: 7, closed: 12, rejected: 0 },
        ...{ filedAmounts: { USD: 8_100 }, closedAmounts: { USD: 20_400 }, isComplete: true },
      },
    ],
    resolutionCodes: { 5004: 9, 9002: 3 },
    timeToResolution: { byAuditCode: { 3006: times }, byMerchant: { "Caribbean Goodness": times } },
    deliveries: { bySubscription: { "0d6c1f0a-2a4b-4c57-8a52-5d1e7b9c3f10": { delivered: 12 } }, isComplete: true },
    asOf,
  },
};
