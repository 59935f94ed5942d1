/** A card that is one entity's: its name and state at the top, the controls of its domain below. */

import type { ReactNode } from 'react';
import { mdiDotsVertical } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { IconButton } from '@/components/Button';
import { Card } from '@/components/Card';
import { EntityIcon, StateText } from '@/components/entity';
import { Controls, openMoreInfo } from '@/components/MoreInfo';
import { useEntity } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './EntityCard.module.css';

export function EntityCard({ config, children }: { config: CardConfig; children?: (entity: Entity) => ReactNode }) {
  const { t } = useTranslation('cards');
  const entityId = text(config.entity) ?? '';
  const entity = useEntity(entityId);
  if (!entity) return <Banner kind="warn" title={text(config.name) ?? entityId}>{t('gone')}</Banner>;
  const name = text(config.name) ?? nameOf(entity);
  return (
    <Card>
      <div className={styles.head}>
        <EntityIcon entityId={entityId} />
        <div className={styles.words}>
          <h3 className={styles.name}>{name}</h3>
          <div className={styles.state}>
            <StateText entityId={entityId} />
          </div>
        </div>
        <IconButton label={t('more', { name })} icon={mdiDotsVertical} onPress={() => openMoreInfo(entityId)} />
      </div>
      {children ? children(entity) : <Controls entity={entity} />}
    </Card>
  );
}
