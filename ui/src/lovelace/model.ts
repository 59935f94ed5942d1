/** Changing a dashboard's configuration: pure, each function gives a new one. */

import type { CardConfig, DashboardConfig, ViewConfig } from './types';

/** A list of cards: those of a view, or of one of its sections. */
export interface ListPath {
  view: number;
  section: number | null;
}

export interface CardPath extends ListPath {
  card: number;
}

export const isSections = (view: ViewConfig | undefined): boolean => view?.type === 'sections' || (view?.sections !== undefined && view.type === undefined);
export const isPanel = (view: ViewConfig | undefined): boolean => view?.type === 'panel' || view?.panel === true;

export function listOf(config: DashboardConfig, { view, section }: ListPath): CardConfig[] {
  const found = config.views[view];
  return (section === null ? found?.cards : found?.sections?.[section]?.cards) ?? [];
}

function withView(config: DashboardConfig, index: number, change: (view: ViewConfig) => ViewConfig): DashboardConfig {
  return { ...config, views: config.views.map((view, at) => (at === index ? change(view) : view)) };
}

function withList(config: DashboardConfig, path: ListPath, change: (cards: CardConfig[]) => CardConfig[]): DashboardConfig {
  return withView(config, path.view, (view) => {
    if (path.section === null) return { ...view, cards: change([...(view.cards ?? [])]) };
    const sections = (view.sections ?? []).map((section, at) => (at === path.section ? { ...section, cards: change([...(section.cards ?? [])]) } : section));
    return { ...view, sections };
  });
}

export function setCard(config: DashboardConfig, path: CardPath, card: CardConfig): DashboardConfig {
  return withList(config, path, (cards) => cards.map((each, at) => (at === path.card ? card : each)));
}

export function addCard(config: DashboardConfig, path: ListPath, card: CardConfig): DashboardConfig {
  return withList(config, path, (cards) => [...cards, card]);
}

export function removeCard(config: DashboardConfig, path: CardPath): DashboardConfig {
  return withList(config, path, (cards) => cards.filter((_, at) => at !== path.card));
}

export function duplicateCard(config: DashboardConfig, path: CardPath): DashboardConfig {
  return withList(config, path, (cards) => cards.flatMap((each, at) => (at === path.card ? [each, structuredClone(each)] : [each])));
}

/** Take a card out of one list and put it into another (or the same) before the place `to.card`. */
export function moveCard(config: DashboardConfig, from: CardPath, to: CardPath): DashboardConfig {
  const card = listOf(config, from)[from.card];
  if (!card) return config;
  return withList(removeCard(config, from), to, (cards) => [...cards.slice(0, to.card), card, ...cards.slice(to.card)]);
}

export function addSection(config: DashboardConfig, view: number, title: string): DashboardConfig {
  return withView(config, view, (each) => ({ ...each, sections: [...(each.sections ?? []), { type: 'grid', cards: [{ type: 'heading', heading: title }] }] }));
}

export function removeSection(config: DashboardConfig, view: number, section: number): DashboardConfig {
  return withView(config, view, (each) => ({ ...each, sections: (each.sections ?? []).filter((_, at) => at !== section) }));
}

export function moveSection(config: DashboardConfig, view: number, from: number, to: number): DashboardConfig {
  return withView(config, view, (each) => {
    const sections = [...(each.sections ?? [])];
    const [moved] = sections.splice(from, 1);
    if (!moved) return each;
    sections.splice(to, 0, moved);
    return { ...each, sections };
  });
}

export function setView(config: DashboardConfig, view: number, changes: Partial<ViewConfig>): DashboardConfig {
  return withView(config, view, (each) => {
    const next = { ...each, ...changes };
    // Between the two kinds of layout the cards go along.
    if (next.type === 'sections' && !next.sections) return { ...next, cards: undefined, sections: [{ type: 'grid', cards: next.cards ?? [] }] } as ViewConfig;
    if (next.type !== 'sections' && next.sections && changes.type !== undefined) {
      const cards = [...(next.cards ?? []), ...next.sections.flatMap((section) => section.cards)];
      const { sections: _gone, ...rest } = next;
      return { ...rest, cards };
    }
    return next;
  });
}

export function addView(config: DashboardConfig, view: ViewConfig): DashboardConfig {
  return { ...config, views: [...config.views, view] };
}

export function removeView(config: DashboardConfig, view: number): DashboardConfig {
  return { ...config, views: config.views.filter((_, at) => at !== view) };
}

/** What keeps a configuration from being shown, in words for whoever typed it; null: nothing. */
export function problemOf(config: unknown): string | null {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return 'views:';
  const { views, strategy } = config as Partial<DashboardConfig>;
  if (strategy) return null;
  if (!Array.isArray(views)) return 'views:';
  const lists = views.flatMap((view, at) => [
    [`views[${at}].cards`, view?.cards ?? []] as const,
    ...(Array.isArray(view?.sections) ? view.sections : []).map((section, index) => [`views[${at}].sections[${index}].cards`, section?.cards ?? []] as const),
  ]);
  for (const [at, view] of views.entries()) if (typeof view !== 'object' || view === null) return `views[${at}]`;
  for (const [where, cards] of lists) {
    if (!Array.isArray(cards)) return where;
    const bad = cards.findIndex((card) => typeof card !== 'object' || card === null || typeof (card as CardConfig).type !== 'string');
    if (bad >= 0) return `${where}[${bad}].type`;
  }
  return null;
}
