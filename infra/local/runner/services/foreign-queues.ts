import * as z from "zod";
import type { ResourcePolicies } from "../iam/resource-policies.ts";
import { type AwsRequest, type AwsResponse, jsonResponse } from "../protocol/aws-request.ts";
import { type Place, queueArn } from "../template/resource-kinds.ts";
import { keyArnOf } from "./key-policies.ts";
import { queueUrl } from "./queues.ts";

/**
 * Queues of other accounts than the stack's, which their operators create at run time. fauxqs has one account: there, a
 * queue's name begins with its account.
 */
export interface ForeignQueues {
  /** A call as fauxqs must get it; the same call if it is for a queue of the stack. */
  translate(request: AwsRequest): AwsRequest;
  /** Stores the policy and the key that a call sets, and corrects the URL in its response. */
  complete(request: AwsRequest, response: AwsResponse): AwsResponse;
}

const attributes = z.object({
  Attributes: z.object({ Policy: z.string().optional(), KmsMasterKeyId: z.string().optional() }).optional(),
});

export function createForeignQueues(place: Place, policies: ResourcePolicies): ForeignQueues {
  return {
    translate(request) {
      const queue = foreignQueueOf(request, place);
      if (queue === undefined) return request;
      const { Attributes, QueueName, ...input } = request.input;
      const {
        Policy: _policy,
        KmsMasterKeyId: _key,
        ...others
      } = z.record(z.string(), z.unknown()).parse(Attributes ?? {});
      const changed = {
        ...input,
        ...(QueueName === undefined ? { QueueUrl: innerQueueUrl(queue, place) } : { QueueName: innerName(queue) }),
        ...(Attributes === undefined ? {} : { Attributes: others }),
      };
      return { ...request, input: changed, body: Buffer.from(JSON.stringify(changed)) };
    },

    complete(request, response) {
      const queue = foreignQueueOf(request, place);
      if (queue === undefined || response.status >= 300) return response;
      const { Policy, KmsMasterKeyId } = attributes.parse(request.input).Attributes ?? {};
      const owner = { ...place, account: queue.account };
      const arn = queueArn(queue.name, owner);
      if (Policy !== undefined) policies.set(arn, JSON.parse(Policy));
      if (KmsMasterKeyId !== undefined) policies.setKey(arn, keyArnOf(KmsMasterKeyId, owner));
      return request.input.QueueName === undefined ? response : jsonResponse({ QueueUrl: queueUrl(queue.name, owner) });
    },
  };
}

interface ForeignQueue {
  account: string;
  name: string;
}

/** The queue of another account that a call names. */
function foreignQueueOf({ input, account }: AwsRequest, place: Place): ForeignQueue | undefined {
  const [, named, name] = /\/(\d{12})\/([^/]+)$/.exec(String(input.QueueUrl)) ?? [undefined, account, input.QueueName];
  if (named === undefined || named === place.account || typeof name !== "string") return undefined;
  return { account: named, name };
}

const innerName = ({ account, name }: ForeignQueue) => `${account}-${name}`;

/** The URL at which fauxqs has a queue of another account. */
export function innerQueueUrl(queue: ForeignQueue, place: Place): string {
  return queueUrl(queue.account === place.account ? queue.name : innerName(queue), place);
}
