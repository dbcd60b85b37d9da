import type { Recorded } from "./recorded-grants.ts";
import { unexercised } from "./unexercised-grants.ts";

export interface PermissionReport {
  /** Lines for the CI log. */
  text: string;
  /** Problems: denied calls, unused grants without a reason, and unused reasons. */
  problems: string[];
}

/** Compares the functions' grants with their calls, over all test files. */
export function permissionReport(recorded: Iterable<Recorded>): PermissionReport {
  const uses = new Map<string, { action: string; uses: number }>();
  let calls = 0;
  let denied = 0;
  for (const file of recorded) {
    calls += file.calls;
    denied += file.denied;
    for (const grant of file.grants) {
      const name = [grant.role, grant.action, grant.resource, grant.condition].join(" ");
      uses.set(name, { action: grant.action, uses: (uses.get(name)?.uses ?? 0) + grant.uses });
    }
  }
  const all = [...uses];
  const exercised = all.filter(([, grant]) => grant.uses > 0);
  const reasonFor = (action: string) => unexercised.find((entry) => entry.action.test(action));
  const idle = all.filter(([, grant]) => grant.uses === 0);
  const unexplained = idle.filter(([, { action }]) => reasonFor(action) === undefined);
  const idleReasons = unexercised.filter(({ action }) => !idle.some(([, grant]) => action.test(grant.action)));
  const wild = all.filter(([, { action }]) => action.includes("*"));

  const allowed = calls === 0 ? 0 : (100 * (calls - denied)) / calls;
  const covered = idle.length - unexplained.length;
  return {
    text: [
      `Permissions: ${calls} AWS calls of the functions, ${allowed.toFixed(2)} % allowed by the template's policies (${denied} denied)`,
      `  ${all.length} grants: ${exercised.length} exercised, ${covered} with a reason, ${unexplained.length} with neither`,
      ...unexercised.map(({ action, reason }) => `  without a call: ${action.source} – ${reason}`),
    ].join("\n"),
    problems: [
      ...(denied > 0 ? [`${denied} calls were denied`] : []),
      ...unexplained.map(([name]) => `nothing needs the grant ${name}`),
      ...idleReasons.map(({ action }) => `the reason for ${action.source} is not needed`),
      ...wild.map(([name]) => `the grant ${name} is for more than one action`),
    ],
  };
}
