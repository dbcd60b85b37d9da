import axe from "axe-core";
import type { Page } from "playwright-core";

/** The violations of accessibility rules on a page, of every level, each with the elements that break it. */
export async function violationsOn(page: Page): Promise<string[]> {
  // Not as a script tag: the page's security policy refuses it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
