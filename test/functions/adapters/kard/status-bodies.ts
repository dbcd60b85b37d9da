import { kardRequest } from "../../../support/kard/kard-client.ts";

// Bodies of Kard's status responses.

export const open = { _id: "a1", ...kardRequest, status: "NEW" };
export const closed = {
  ...open,
  status: "CLOSED",
  resolutionCode: 5001,
  resolutionDescription: "d",
  resolutionTimeStamp: "t",
};
