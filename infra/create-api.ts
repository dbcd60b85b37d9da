import type { IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Construct } from "constructs";
import type { Config } from "./config/config.ts";
import { GradualDeploy } from "./constructs/gradual-deploy.ts";
import { PublicApi } from "./constructs/public-api.ts";
import type { createFunctions } from "./functions/create-functions.ts";
import type { GivenResources } from "./props/given-resources.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes, throttlesOf } from "./routes.ts";

interface CreateApiProps {
  domain: GivenResources["domain"] | undefined;
  gradualDeploy: GivenResources["gradualDeploy"] | undefined;
  functions: ReturnType<typeof createFunctions>;
  logs: Omit<ConstructorParameters<typeof PublicApi>[2], "requestsPerSecond" | "throttles" | "domain">;
}

/** The HTTP API with its routes, and the gradual deployment of the functions, if there is one. */
export function createApi(scope: Construct, config: Config, props: CreateApiProps): PublicApi {
  const { functions, logs, domain, gradualDeploy } = props;
  const requestsPerSecond = config.apiRequestsPerSecond;
  const api = new PublicApi(scope, "Api", { ...logs, requestsPerSecond, throttles: throttlesOf(config), domain });
  const { auditsApi, subscriptionsApi, kardWebhook, deliverWebhooks } = functions;
  api.route(auditsApi.target, auditsApiRoutes);
  api.route(subscriptionsApi.target, subscriptionsApiRoutes);
  api.route(kardWebhook.target, kardWebhookRoutes);
  if (gradualDeploy !== undefined) {
    const gradually = { auditsApi, subscriptionsApi, kardWebhook, deliverWebhooks };
    new GradualDeploy(scope, "GradualDeploy", {
      deploymentConfig: gradualDeploy,
      functions: gradually,
      api: api as IHttpApi,
    });
  }
  return api;
}
