/** What stands in the dialog of an entity; loaded with the first that is opened. */

import { type ReactNode, Suspense, useState } from 'react';
import { mdiLinkVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '@/app/ErrorBoundary';
import { toast } from '@/app/toasts';
import { useAreaOf, useEntitiesLoaded, useEntity, useUser } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import Missing from '@/domains/_info/Missing';
import { Banner } from './Banner';
import { IconButton } from './Button';
import { Dialog } from './Dialog';
import { EntityIcon, StateText } from './entity';
import { Controls, type MoreInfoPart } from './MoreInfo';
import styles from './MoreInfo.module.css';
import { RelativeTime } from './RelativeTime';
import { Skeleton } from './Skeleton';
import { Tabs } from './Tabs';

interface Props {
  entityId: string;
  parts: readonly MoreInfoPart[];
  onClose: () => void;
}

/** Where this entity's dialog can be opened again. */
export const linkTo = (entityId: string): string => `${location.origin}/entities/${entityId}`;

function Now({ entity, children }: { entity: Entity; children: ReactNode }) {
  const { t } = useTranslation('domains');
  const area = useAreaOf(entity.entity_id);
  const mayControl = useMayControl();
  return (
    <div className={styles.inside}>
      <div className={styles.state}>
        <EntityIcon entityId={entity.entity_id} size={28} />
        <div>
          <div className={styles.word}>
            <StateText entityId={entity.entity_id} />
          </div>
          <div className={styles.when}>
            <RelativeTime at={entity.lastChanged} />
            {area && ` · ${area.name}`}
          </div>
        </div>
      </div>
      {entity.state === 'unavailable' && <Banner kind="warn">{t('info.unavailable')}</Banner>}
      {!mayControl && <p className={styles.when}>{t('app:lookOnly')}</p>}
      <Controls entity={entity} />
      {children}
    </div>
  );
}

function Parts({ entity, parts }: { entity: Entity; parts: readonly MoreInfoPart[] }) {
  return (
    <ErrorBoundary place={entity.entity_id}>
      {parts.map((part) => (
        <Suspense key={part.order} fallback={<Skeleton height={160} radius="var(--radius-m)" />}>
          <part.component entity={entity} />
        </Suspense>
      ))}
    </ErrorBoundary>
  );
}

export default function MoreInfoDialog({ entityId, parts, onClose }: Props) {
  const { t } = useTranslation('domains');
  const present = useEntity(entityId);
  const user = useUser();
  const loaded = useEntitiesLoaded();
  const [tab, setTab] = useState('now');
  const [last, setLast] = useState(present);
  const [editing, setEditing] = useState(false);
  if (present && present !== last) setLast(present);
  // Who types into the settings must not lose it: not by a look at another tab, nor because the server starts again and
  // knows the entity a moment later.
  const entity = present ?? (editing ? last : undefined);
  const fitting = entity ? parts.filter((part) => part.fits(entity, user)) : [];
  const tabs = (['past', 'details', 'why', 'settings'] as const).filter((id) => fitting.some((part) => part.tab === id));
  const copy = () => {
    navigator.clipboard.writeText(linkTo(entityId)).then(
      () => toast.ok(t('info.linkCopied')),
      () => toast.error(t('info.notCopied')),
    );
  };
  return (
    <Dialog open onClose={onClose} title={nameOf(entity, entityId)} dismissable={!editing} actions={<IconButton icon={mdiLinkVariant} label={t('info.copyLink')} onPress={copy} />}>
      {entity ? (
        <Tabs
          label={t('info.tabs')}
          value={tab}
          onChange={(next) => {
            setTab(next);
            if (next === 'settings') setEditing(true);
          }}
          tabs={[
            {
              id: 'now',
              label: t('tabs.now'),
              content: (
                <ErrorBoundary place={entityId}>
                  {present ? (
                    <Now entity={entity}>
                      <Parts entity={entity} parts={fitting.filter((part) => !part.tab)} />
                    </Now>
                  ) : (
                    <Missing entityId={entityId} />
                  )}
                </ErrorBoundary>
              ),
            },
            ...tabs.map((id) => ({
              id,
              label: t(`tabs.${id}`),
              kept: id === 'settings' && editing,
              content: (
                <>
                  {!present && <Banner kind="warn" title={t('info.noState')} />}
                  <Parts entity={entity} parts={fitting.filter((part) => part.tab === id)} />
                </>
              ),
            })),
          ]}
        />
      ) : !loaded ? (
        <Skeleton height={240} radius="var(--radius-m)" />
      ) : (
        <Missing entityId={entityId} />
      )}
    </Dialog>
  );
}
