/**
 * The cards of dashboards: one file a type in `src/cards/`, named as the type is, loaded when it is shown.
 *
 * A card's file exports by default a component that takes `{config}`. It may export `form`: the fields that its editor shows
 * besides the YAML, and `stub`: the configuration that it begins with.
 */

import { type ComponentType, createElement, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '@/app/ErrorBoundary';
import { type Late, late } from '@/app/late';
import { Banner } from '@/components/Banner';
import { Skeleton } from '@/components/Skeleton';
import type { HomeSession } from '@/data/session';
import type { Selector } from '@/data/types';
import type { CardConfig } from './types';

export type CardComponent = ComponentType<{ config: CardConfig }>;

export interface FormField {
  /** The option's name; its label is `cards:options.<name>`. */
  name: string;
  /** A function where it depends on what is already chosen; null: there is nothing to choose now. */
  selector: Selector | ((config: CardConfig, session: HomeSession, words: (key: string) => string) => Selector | null);
  required?: boolean;
  /** What the field shows of the stored value, and what is stored of what it says; without them the value itself. */
  read?: (value: unknown) => unknown;
  write?: (value: unknown, before: unknown) => unknown;
}

export interface CardModule {
  default: CardComponent;
  form?: readonly FormField[];
  stub?: (session: HomeSession) => Omit<CardConfig, 'type'>;
}

const files = import.meta.glob<CardModule>(['../cards/*.tsx', '!../cards/*.test.tsx']);
const loaders = new Map(Object.entries(files).map(([file, load]) => [file.split('/').at(-1)!.replace('.tsx', ''), load]));
/** Other names of the same card. */
const SAME: Record<string, string> = { 'media-player': 'media-control', weather: 'weather-forecast', history: 'history-graph', alarm: 'alarm-panel', sensor: 'entity' };
const components = new Map<string, Late<{ config: CardConfig }>>([...loaders].map(([type, load]) => [type, late(load)]));
const componentOf = (type: string) => components.get(SAME[type] ?? type);

/** The types that can be added, in alphabetical order. */
export const cardTypes: readonly string[] = [...loaders.keys()].sort();

export function loadCard(type: string): Promise<CardModule> | null {
  return loaders.get(SAME[type] ?? type)?.() ?? null;
}

/** The cards' types in a configuration whose files are not there yet. */
function missingIn(value: unknown, found = new Set<Late<{ config: CardConfig }>>()): typeof found {
  if (!value || typeof value !== 'object') return found;
  const card = 'type' in value && typeof value.type === 'string' ? componentOf(value.type) : undefined;
  if (card && !card.isThere()) found.add(card);
  for (const each of Object.values(value)) missingIn(each, found);
  return found;
}

/** Have the files of what everybody's home is made of. */
export async function prepareCards(...types: string[]): Promise<void> {
  await Promise.allSettled(types.map((type) => componentOf(type)?.load()));
}

/** Whether the files of a configuration's cards have been there once; they are loaded. One that fails says so where it stands. */
export function useCardFiles(config: object | null): boolean {
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    if (begun || !config) return undefined;
    let wanted = true;
    void Promise.allSettled([...missingIn(config)].map((card) => card.load())).then(() => wanted && setBegun(true));
    return () => {
      wanted = false;
    };
  }, [config, begun]);
  return begun || missingIn(config).size === 0;
}

/** One card. One that breaks, or that is not known, says so in its own place. */
export function CardHost({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const type = typeof config?.type === 'string' ? config.type : '';
  const found = componentOf(type);
  if (!found) return <Banner kind="warn" title={t('unknown.title', { type: type || '?' })}>{t('unknown.text')}</Banner>;
  return (
    <ErrorBoundary place={JSON.stringify(config)}>
      <Suspense fallback={<Skeleton height={64} radius="var(--radius-m)" />}>{createElement(found, { config })}</Suspense>
    </ErrorBoundary>
  );
}

/** A card for whatever an entity is, where only its id is known. */
export function cardFor(entityId: string): CardConfig {
  return { type: 'tile', entity: entityId };
}
