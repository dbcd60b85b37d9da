import { expect, test } from "@jest/globals";
import { columnNames } from "../../../cli/output/audit-columns.ts";

test("column names are parsed, and unknown ones are refused with a list of the known", () => {
  expect(columnNames("audit_id, outcome")).toEqual(["audit_id", "outcome"]);
  expect(() => columnNames("audit_id,price")).toThrow(/^It must be one or more of audit_id, kard_audit_id, .*outcome/);
});
