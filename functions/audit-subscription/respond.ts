import * as z from "zod";
import { type PhysicalId, physicalIdText } from "./physical-id.ts";
import { type ResourceRequest, resourceRequest } from "./resource-event.ts";

export interface RespondDeps {
  manage(request: ResourceRequest, onPlanned: (id: PhysicalId) => void): Promise<PhysicalId>;
  /** Puts a response at a URL. */
  put(url: string, body: string): Promise<void>;
}

/** A response has at most 4,096 bytes. */
const maxReasonLength = 1_000;

/**
 * Answers a request of CloudFormation. A failure is a response, too: without one, the stack waits for an hour. A failed
 * create has the physical id of what may have been created, so that the rollback deletes it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 *
 * @throws ZodError for an event that is no request, and what `put` throws: Lambda repeats the event
 */
export function respondToCloudFormation({ manage, put }: RespondDeps) {
  return async (event: unknown): Promise<void> => {
    const request = resourceRequest.parse(event);
    const { StackId, RequestId, LogicalResourceId } = request;
    const about = { StackId, RequestId, LogicalResourceId };
    let PhysicalResourceId = request.PhysicalResourceId ?? RequestId;
    const respond = (outcome: object) => put(request.ResponseURL, JSON.stringify({ ...about, ...outcome }));
    let managed: PhysicalId;
    try {
      managed = await manage(request, (id) => {
        PhysicalResourceId = physicalIdText(id);
      });
    } catch (error) {
      const Reason = reasonOf(error).slice(0, maxReasonLength);
      return respond({ Status: "FAILED", Reason, PhysicalResourceId });
    }
    const { subscriptionId } = managed;
    // A delete must not change the id.
    const id = request.RequestType === "Delete" ? PhysicalResourceId : physicalIdText(managed);
    return respond({ Status: "SUCCESS", PhysicalResourceId: id, Data: { SubscriptionId: subscriptionId } });
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
