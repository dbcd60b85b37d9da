import { auditsApiRoutes } from "../../../../functions/audits-api/routes.ts";
import { kardWebhookRoutes } from "../../../../functions/kard-webhook/routes.ts";
import { type SubscriptionsApiRoute, subscriptionsApiRoutes } from "../../../../functions/subscriptions-api/routes.ts";
import { auditOperations } from "./audit-operations.ts";
import { componentSchemas } from "./components.ts";
import { errorComponents } from "./error-answers.ts";
import { notificationOperations } from "./notification-operations.ts";
import { type Operation, openApiOperation } from "./operation.ts";
import { answerHeaders, parameterComponents } from "./parameters.ts";
import { pushOperations } from "./push-operations.ts";
import { subscriptionOperations } from "./subscription-operations.ts";

/** Raised by one in the middle with every addition. */
const documentVersion = "1.0.0";

const subscriptionsApiOperations: Record<SubscriptionsApiRoute, Operation> = {
  ...subscriptionOperations,
  ...notificationOperations,
};

const operations: Record<string, Operation> = { ...auditOperations, ...subscriptionsApiOperations, ...pushOperations };
const scopes: Record<string, string | undefined> = {
  ...auditsApiRoutes,
  ...subscriptionsApiRoutes,
  ...kardWebhookRoutes,
};

const tags = {
  Audits: "File disputes and see what became of them.",
  "Legacy audits": "Kard's legacy calls, in their own shapes.",
  Subscriptions: "Who is told of what.",
  Notifications: "What became of each event.",
  Kard: "What Kard calls.",
  Service: "The interface itself.",
};

function tagOf(route: string): keyof typeof tags {
  const path = route.split(" ")[1] ?? "";
  if (path.startsWith("/kard/")) return "Kard";
  if (path.startsWith("/transactions/")) return "Legacy audits";
  if (!path.startsWith("/v2/")) return "Service";
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

/** The OpenAPI 3.1 document of the interface, from the schemas by which the functions read and answer. */
export function openApi(): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "kard-audit-tracker",
      version: documentVersion,
      summary: "Files transaction audits with Kard, watches them until they are closed and tells whoever subscribed.",
      description:
        "Bodies are JSON in UTF-8, of at most 64 KB, 16 levels and 10,000 parts. Fields that are not named here are " +
        "ignored and not stored; answers may gain fields. A query parameter that a list does not name is a 400. Lengths of " +
        "text count UTF-16 code units. Each path with a GET takes HEAD, too; any other method is a 405 with `Allow`. " +
        "Events are described by the AsyncAPI document.",
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
      headers: answerHeaders,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "kat_<keyId>_<secret>",
          description:
            "An API key or, where the deployment trusts an identity provider, its token. Each operation names the scope " +
            "that it needs; the issuer of a path must be one of the caller's own.",
        },
        kardSignature: {
          type: "apiKey",
          in: "header",
          name: "notify-signature",
          description: "The base64 of HMAC-SHA256 of the body, with the webhook key that Kard and the tracker share.",
        },
      },
    },
  };
}
