import type { ApiProps } from "./props/api-props.ts";
import type { KardProps } from "./props/kard-props.ts";
import type { OperationsProps } from "./props/operations-props.ts";
import type { ResourceProps } from "./props/resource-props.ts";
import type { WebhookProps } from "./props/webhook-props.ts";

/** Properties of an `AuditTracker`. All have defaults. Strings may be tokens, unless stated otherwise. */
export interface AuditTrackerProps extends KardProps, WebhookProps, ApiProps, OperationsProps, ResourceProps {}
