/**
 * The tests that take seconds each: they start the local stack, a browser, Java or other programs, or play thousands of
 * cases. Jest starts them first, so that no long file runs alone at the end. `npm run test:fast` leaves them out.
 */
export const slowTests = [
  "/test/e2e/",
  "/test/chaos/proofs/",
  "/test/cli/(commands/|smoke)",
  "/test/contract/dyna",
  "/test/examples/receive-webhooks",
  "/test/functions/(deliver-webhooks/(dns-)?isolation|kard-rate-limit|poll-audits/(every-poll-time|two-issuers))",
  "/test/functions/(adapters/dynamodb/table/listing|subscriptions-api/notifications/recover-sparse)",
  "/test/functions/console/(accessibility|disputes|hostile-text|long-list|sign-in|subscriptions)",
  "/test/infra/audit-subscription",
  "/test/infra/(constructs/scheduled-function|local/bundle-cache|props/audit-tracker-props)",
  "/test/infra/local/runner/(?!iam/|template/)",
  "/test/infra/package/",
  "/test/infra/template/template-validation",
  "/test/openapi/requests",
];
