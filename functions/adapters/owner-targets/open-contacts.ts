import type * as z from "zod";
import type { ContactOf, EventTarget } from "../../core/publishing/ports.ts";
import type { contactsEnvironment } from "../environment.ts";

/**
 * Opens the contacts of the issuers.
 *
 * @param onRefused called for each event that SNS refuses permanently, with its code and the service
 */
export function openContacts(
  { CONTACTS: contacts }: z.output<typeof contactsEnvironment>,
  onRefused: (code: string, service: string) => void,
): { contactOf: ContactOf } {
  // The bundle has the client in a separate file, so that only the first event loads it.
  let opened: Promise<ReturnType<typeof import("./contact-topic.ts")["openContactTopics"]>> | undefined;
  const open = () =>
    import("./contact-topic.ts").then((module) => module.openContactTopics((code) => onRefused(code, "SNS")));
  return {
    contactOf(organizationId): EventTarget | undefined {
      const topic = contacts.get(organizationId);
      if (topic === undefined) return undefined;
      return {
        eventNames: topic.events,
        async send(event) {
          opened ??= open();
          return (await opened)(topic).send(event);
        },
      };
    },
  };
}
