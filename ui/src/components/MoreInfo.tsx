/**
 * The dialog of one entity: its state, the controls of its domain, its past, what is known of it, its settings.
 *
 * `openMoreInfo('light.porch')` opens it from anywhere. Controls come from `src/domains/<domain>.tsx` (default export, a
 * component that takes `{entity}`), extra parts from `src/domains/more/<name>.tsx` (`export const part: MoreInfoPart`).
 */

import { type ComponentType, createElement, lazy, type LazyExoticComponent, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Store, useStore } from '@/data/store';
import type { Entity, User } from '@/data/types';
import { domainOf, useAttributeWords } from '@/data/words';
import { EntityToggle, TOGGLES } from './entity';
import styles from './MoreInfo.module.css';
import { Skeleton } from './Skeleton';

/** What a file `src/domains/<domain>.tsx` exports by default. The entity is there; it may be unavailable. */
export type DomainControls = ComponentType<{ entity: Entity }>;

/** What `src/domains/more/<name>.tsx` exports as `part`: a section below the controls (history, related, settings …). */
export interface MoreInfoPart {
  /** Among the others, from the top. */
  order: number;
  /** Whether it has anything to say about this entity to this user. */
  fits: (entity: Entity, user: User) => boolean;
  /** The tab in which it stands: a key of the texts `domains:tabs`. Without it: below the controls. */
  tab?: 'past' | 'details' | 'why' | 'settings';
  component: LazyExoticComponent<ComponentType<{ entity: Entity }>>;
}

const files = import.meta.glob<{ default: DomainControls }>(['../domains/*.tsx', '!../domains/*.test.tsx']);
const controls = new Map<string, LazyExoticComponent<DomainControls>>(
  Object.entries(files).map(([file, load]) => [file.split('/').at(-1)!.replace('.tsx', ''), lazy(load)]),
);
const parts = Object.values(import.meta.glob<MoreInfoPart>('../domains/more/*.tsx', { eager: true, import: 'part' })).sort((a, b) => a.order - b.order);

const MoreInfoDialog = lazy(() => import('./MoreInfoDialog'));
const open = new Store<string | null>(null);

export function openMoreInfo(entityId: string): void {
  open.set(entityId);
}

export function closeMoreInfo(): void {
  open.set(null);
}

/** The entity whose dialog is open; null: none is. */
export function useOpenEntity(): string | null {
  return useStore(open);
}

/** The controls of an entity's domain alone, for cards; where there are none, a switch if it can be switched. */
export function Controls({ entity }: { entity: Entity }) {
  const domain = domainOf(entity.entity_id);
  const found = controls.get(domain);
  if (found) return <Suspense fallback={<Skeleton height={72} />}>{createElement(found, { entity })}</Suspense>;
  return TOGGLES.has(domain) ? (
    <div className={styles.toggle}>
      <EntityToggle entityId={entity.entity_id} />
    </div>
  ) : null;
}

const QUIET = new Set(['friendly_name', 'icon', 'supported_features', 'entity_picture', 'device_class', 'unit_of_measurement', 'attribution', 'access_token', 'state_class', 'supported_color_modes', 'editable', 'id']);

export function EntityAttributes({ entity }: { entity: Entity }) {
  const { t } = useTranslation('components');
  const { name, value } = useAttributeWords();
  const shown = Object.keys(entity.attributes).filter((each) => !QUIET.has(each) && entity.attributes[each] != null);
  if (shown.length === 0) return null;
  return (
    <details className={styles.attributes}>
      <summary>{t('attributes')}</summary>
      <dl>
        {shown.map((each) => (
          <div key={each}>
            <dt>{name(entity, each)}</dt>
            <dd>{value(entity, each)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The place of the dialog; the shell has one. */
export function MoreInfoHost() {
  const entityId = useStore(open);
  return entityId === null ? null : (
    <Suspense fallback={null}>
      <MoreInfoDialog key={entityId} entityId={entityId} parts={parts} onClose={closeMoreInfo} />
    </Suspense>
  );
}
