import { describe, expect, test } from "@jest/globals";
import { listAuditsQuery } from "../../../functions/audits-api/list-input.ts";
import { attentionReasons, listViewOf, parametersOf, queryOf } from "../../../functions/console/logic/list-query.ts";

const now = Date.UTC(2026, 2, 14, 12);
const viewOf = (search: string) => listViewOf(new URLSearchParams(search));

test.each([
  "",
  "tab=resolved&merchant=Caf%C3%A9+Zo%C3%A9&sort=oldest",
  "search=CASE-1",
  "tab=attention&reason=overdue",
])("the URL %p survives", (search) => {
  expect(parametersOf(viewOf(search)).toString()).toBe(search);
});

test("unknown values of a URL are ignored", () => {
  expect(viewOf("tab=nonsense&sort=random&other=1")).toEqual(viewOf(""));
});

describe("the API accepts the query of", () => {
  test.each([
    "",
    "merchant=Coffee%2C+Inc.&user=a%5Cb",
    "tab=resolved&resolution=5004&claim=3006",
    "user=u&olderThan=30&sort=oldest",
    "olderThan=x",
  ])("the view %p", (search) => {
    expect(listAuditsQuery.safeParse(queryOf(viewOf(search), now)).error).toBeUndefined();
  });

  test.each(attentionReasons.filter(({ query }) => query !== undefined).map((reason) => [reason.id, reason] as const))(
    "the reason %s",
    (_, { query }) => {
      expect(listAuditsQuery.safeParse(query?.(now)).error).toBeUndefined();
    },
  );
});

test("a comma in a merchant's name is part of it", () => {
  const { filter } = listAuditsQuery.parse(queryOf(viewOf("merchant=Coffee%2C+Inc.&user=a%5Cb"), now));
  expect(filter).toMatchObject({ merchantNames: ["Coffee, Inc."], userIds: ["a\\b"] });
});

test("disputes that are older than 30 days were filed before that time", () => {
  expect(queryOf(viewOf("olderThan=30"), now)).toMatchObject({ "filter[before]": "2026-02-12T12:00:00.000Z" });
});
