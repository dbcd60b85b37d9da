import type { Scenario } from "./scenario.ts";
import { adoptingScenarios } from "./scenarios/adopting.ts";
import { annotationScenarios } from "./scenarios/annotations.ts";
import { announcingScenarios } from "./scenarios/announcing.ts";
import { deliveringScenarios } from "./scenarios/delivering.ts";
import { dueDateScenarios } from "./scenarios/due-dates.ts";
import { figuresScenarios } from "./scenarios/figures.ts";
import { followUpScenarios } from "./scenarios/follow-ups.ts";
import { issuerTargetScenarios } from "./scenarios/issuer-targets.ts";
import { pollingScenarios } from "./scenarios/polling.ts";
import { submittingScenarios } from "./scenarios/submitting.ts";
import { twoIssuersScenarios } from "./two-issuers.ts";

export const scenarios: Record<string, Scenario> = {
  ...twoIssuersScenarios,
  ...submittingScenarios,
  ...pollingScenarios,
  ...dueDateScenarios,
  ...annotationScenarios,
  ...followUpScenarios,
  ...deliveringScenarios,
  ...issuerTargetScenarios,
  ...adoptingScenarios,
  ...figuresScenarios,
  ...announcingScenarios,
};
