/** Accessibility in one figure, as Lighthouse has it: of the rules that apply to a page, the part that it keeps. */

import type { AxeBuilder } from '@axe-core/playwright';

type Results = Awaited<ReturnType<AxeBuilder['analyze']>>;

export const LEAST_SCORE = 95;

/** Lighthouse's weights; a rule that is kept tells no impact, and most of them weigh this. */
const KEPT = 7;
const WEIGHTS: Record<string, number> = { critical: 10, serious: 7, moderate: 3, minor: 1 };

/** 0 to 100. */
export function scoreOf({ passes, violations }: Pick<Results, 'passes' | 'violations'>): number {
  const kept = passes.filter((rule) => !violations.some((each) => each.id === rule.id)).length * KEPT;
  const broken = violations.reduce((sum, each) => sum + (WEIGHTS[each.impact ?? ''] ?? KEPT), 0);
  return kept + broken === 0 ? 100 : Math.round((100 * kept) / (kept + broken));
}
