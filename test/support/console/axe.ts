import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * The violations of accessibility rules on a page, of every level, each with the elements that break it.
 *
 * @param rules `colors`: only those of colors and contrast
 */
export async function violationsOn(page: Page, rules: "all" | "colors" = "all"): Promise<string[]> {
  // Not as a script tag: the page's security policy refuses it.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  const options: axe.RunOptions = rules === "all" ? {} : { runOnly: ["cat.color"] };
  const { violations } = await page.evaluate(
    (chosen) => (globalThis as unknown as { axe: typeof axe }).axe.run(chosen),
    options,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
