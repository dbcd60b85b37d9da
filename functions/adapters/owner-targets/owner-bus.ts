import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { OwnerTarget } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { putEvent } from "../eventbridge/put-event.ts";

/** Opens the bus with a client of its own. */
export function openOwnerBus(busArn: string, onRefused: (code: string) => void): OwnerTarget {
  return ownerBus(new EventBridgeClient({ cacheMiddleware: true, requestHandler: awsHttp() }), busArn, onRefused);
}

/** The owner's event bus. The event is the `detail`, its name the `detail-type`. */
export function ownerBus(
  client: Pick<EventBridgeClient, "send">,
  busArn: string,
  onRefused: (code: string) => void = () => undefined,
): OwnerTarget {
  return {
    name: "bus",
    async send({ event }) {
      const result = await putEvent(client, busArn, event);
      if (result.refused !== undefined) onRefused(result.refused);
      return result;
    },
  };
}
