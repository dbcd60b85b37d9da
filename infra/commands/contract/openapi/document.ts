import { type AuditsApiRoute, auditsApiRoutes } from "../../../../functions/audits-api/routes.ts";
import { kardWebhookRoutes } from "../../../../functions/kard-webhook/routes.ts";
import { type SubscriptionsApiRoute, subscriptionsApiRoutes } from "../../../../functions/subscriptions-api/routes.ts";
import { auditListOperations } from "./audit-list-operations.ts";
import { auditOperations } from "./audit-operations.ts";
import { componentSchemas } from "./components.ts";
import { errorComponents } from "./error-responses.ts";
import { legacyAuditOperations } from "./legacy-audit-operations.ts";
import { notificationOperations } from "./notification-operations.ts";
import { type Operation, openApiOperation } from "./operation.ts";
import { parameterComponents, responseHeaders } from "./parameters.ts";
import { pushOperations } from "./push-operations.ts";
import { serviceOperations } from "./service-operations.ts";
import { subscriptionOperations } from "./subscription-operations.ts";

/** Additions raise the minor version. */
const documentVersion = "1.1.0";

// `$default` is not an operation: it answers unknown paths with a 404.
const auditsApiOperations: Record<Exclude<AuditsApiRoute, "$default">, Operation> = {
  ...auditOperations,
  ...auditListOperations,
  ...legacyAuditOperations,
  ...serviceOperations,
};
const subscriptionsApiOperations: Record<SubscriptionsApiRoute, Operation> = {
  ...subscriptionOperations,
  ...notificationOperations,
};

const operations: Record<string, Operation> = {
  ...auditsApiOperations,
  ...subscriptionsApiOperations,
  ...pushOperations,
};
const scopes: Record<string, string | undefined> = {
  ...auditsApiRoutes,
  ...subscriptionsApiRoutes,
  ...kardWebhookRoutes,
};

const tags = {
  Audits: "File disputes and follow their progress.",
  "Legacy audits": "Kard's legacy calls, with their legacy bodies.",
  Subscriptions: "Webhook subscriptions.",
  Notifications: "The deliveries of events, and their replay.",
  Kard: "Endpoint for Kard's pushes.",
  Service: "Health, console and this document.",
};

function tagOf(route: string): keyof typeof tags {
  const path = route.split(" ")[1] ?? "";
  if (path.startsWith("/kard/")) return "Kard";
  if (path.startsWith("/transactions/")) return "Legacy audits";
  if (!path.startsWith("/v2/issuers/")) return "Service";
  if (path.includes("/subscriptions")) return "Subscriptions";
  return path.includes("/notifications") ? "Notifications" : "Audits";
}

function paths(): Record<string, Record<string, object>> {
  const all: Record<string, Record<string, object>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    const shown = openApiOperation(route, tagOf(route), scopes[route], operation);
    all[path] = { ...all[path], [method.toLowerCase()]: shown };
  }
  return all;
}

/** The OpenAPI 3.1 document of the API, generated from the schemas that the functions use. */
export function openApi(): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "kard-audit-tracker",
      version: documentVersion,
      summary: "Files transaction audits with Kard, polls them until they are closed, and notifies subscribers.",
      description:
        "Bodies are JSON in UTF-8, with at most 64 KB, 16 levels and 10,000 parts. Unknown request fields are ignored and " +
        "not stored; responses can gain fields. An unknown query parameter of a list is a 400. Text lengths count UTF-16 " +
        "code units. Each path with GET also accepts HEAD; other methods are a 405 with `Allow`. The AsyncAPI document " +
        "describes the events.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      { url: "/", description: "The deployment that serves this document: the stack's output `ApiUrl`." },
      { url: "http://127.0.0.1:4000", description: "`npm start`." },
    ],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: paths(),
    components: {
      schemas: componentSchemas(),
      responses: errorComponents(),
      parameters: parameterComponents(),
      headers: responseHeaders,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "kat_<keyId>_<secret>",
          description:
            "An API key or, if the deployment has an identity provider, its token. Each operation names its required " +
            "scope. The caller must have access to the issuer in the path.",
        },
        kardSignature: {
          type: "apiKey",
          in: "header",
          name: "notify-signature",
          description: "HMAC-SHA256 of the body in base64, with the webhook key that Kard and the tracker share.",
        },
      },
    },
  };
}
