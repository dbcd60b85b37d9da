/** Kard's push has no API key. Its signature is checked instead. */
export const kardWebhookRoutes = { "POST /kard/{organizationId}/notifications": undefined } as const;

export type KardWebhookRoute = keyof typeof kardWebhookRoutes;
