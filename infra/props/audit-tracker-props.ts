import type { ApiProps } from "./api-props.ts";
import type { KardProps } from "./kard-props.ts";
import type { OperationsProps } from "./operations-props.ts";
import type { ResourceProps } from "./resource-props.ts";
import type { WebhookProps } from "./webhook-props.ts";

/** Properties of an `AuditTracker`. All have defaults. Strings may be tokens, unless stated otherwise. */
export interface AuditTrackerProps extends KardProps, WebhookProps, ApiProps, OperationsProps, ResourceProps {}
